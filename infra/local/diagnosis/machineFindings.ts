import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { programOnPath } from '../install/programOnPath.ts';
import { runCommand } from '../install/runCommand.ts';
import { describeFailure } from '../localStackError.ts';
import type { LocalSettings } from '../settings.ts';
import type { Finding } from './finding.ts';

const oldestNode = [22, 12] as const;
/** Two Go builds with their modules take about 4 GB; a running stack with a few thousand documents well under 1. */
const gibibyte = 1024 ** 3;
const spaceToRun = 1 * gibibyte;
const spaceToInstall = 5 * gibibyte;

/** Node, the toolchains with which dependencies are installed, and disk space. */
export async function examineMachine(settings: LocalSettings, somethingToInstall: boolean): Promise<Finding[]> {
  return Promise.all([
    Promise.resolve(examineNode()),
    examineTool(settings, 'go', ['version'], 'Temporal and versitygw are built with it, once'),
    examineTool(settings, 'python3', ['-c', 'import pip, platform; print(platform.python_version())'], 'installs and runs the development Qdrant'),
    examineTool(settings, 'mvn', ['-q', '--version'], 'brings the embedding model where the model hub cannot be reached'),
    examineSpace('Disk, state', settings.stateDirectory, spaceToRun),
    examineSpace('Disk, cache', settings.cacheDirectory, somethingToInstall ? spaceToInstall : 0),
  ]);
}

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNewEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const about = { name: 'Node.js', version: process.versions.node, location: process.execPath };
  if (isNewEnough) return { ...about, condition: 'ok', detail: 'new enough' };
  return { ...about, condition: 'broken', detail: `older than ${oldestNode.join('.')}`, remedy: 'start through npm, which uses the Node of the project: npm ci && npm start' };
}

/** A missing toolchain is no fault in itself: the dependency that cannot be had without it is. */
async function examineTool(settings: LocalSettings, program: string, parameters: string[], purpose: string): Promise<Finding> {
  const location = programOnPath(program, settings.environment);
  if (location === undefined) return { name: program, condition: 'idle', detail: `not on PATH; ${purpose}` };
  try {
    const output = await runCommand(location, parameters, { environment: settings.environment, remedy: `repair ${program}`, timeoutMilliseconds: 20_000 });
    const version = /\d+\.\d+(\.\d+)?/.exec(output)?.[0];
    return { name: program, condition: 'ok', location, ...(version === undefined ? {} : { version }), detail: purpose };
  } catch (error) {
    return { name: program, condition: 'idle', location, detail: `${purpose}, but: ${describeFailure(error)}` };
  }
}

async function examineSpace(name: string, folder: string, needed: number): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(existingAncestor(folder));
    const free = bavail * bsize;
    const detail = `${(free / gibibyte).toFixed(1)} GiB free`;
    if (free >= needed) return { name, condition: 'ok', location: folder, detail };
    return { name, condition: 'broken', location: folder, detail: `${detail}, ${needed / gibibyte} GiB needed`, remedy: 'free some space, or set CATALYST_STATE_DIR and CATALYST_CACHE_DIR to another disk' };
  } catch (error) {
    return { name, condition: 'broken', location: folder, detail: describeFailure(error), remedy: 'make this folder writable, or set CATALYST_STATE_DIR and CATALYST_CACHE_DIR' };
  }
}

/** The folder itself, or the nearest one above it that is there already: the doctor makes nothing. */
function existingAncestor(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existingAncestor(dirname(folder));
}
