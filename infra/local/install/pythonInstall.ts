import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { LocalStackError } from '../localStackError.ts';
import type { LocalSettings } from '../settings.ts';
import { programOnPath } from './programOnPath.ts';
import { runCommand } from './runCommand.ts';
import { installOnce, type InstallWatch } from './toolCache.ts';

const interpreterSchema = z.object({ executable: z.string(), version: z.string(), tag: z.string() });
const question = `
import json, platform, sys, sysconfig
print(json.dumps({"executable": sys.executable, "version": platform.python_version(),
                  "tag": sys.implementation.cache_tag + "-" + sysconfig.get_platform()}))`;

/** A Python interpreter. `tag` names what compiled packages must match: implementation, minor version, platform. */
export type PythonInterpreter = z.infer<typeof interpreterSchema>;

const remedy =
  'install Python 3.10 or newer with pip (package "python3-pip" or "python3-venv" of your system), or set QDRANT_URL to a running Qdrant, or put qdrant on PATH.';

/** The interpreter behind `python3`, itself and not a shim; undefined where there is none. */
export async function findPython(settings: LocalSettings): Promise<PythonInterpreter | undefined> {
  const python = programOnPath('python3', settings.environment);
  if (python === undefined) return undefined;
  const answer = await runCommand(python, ['-c', question], { environment: settings.environment, remedy, timeoutMilliseconds: 20_000 });
  return interpreterSchema.parse(JSON.parse(answer));
}

/** Name of the cache entry of a requirements file under an interpreter: either changes, and it is another entry. */
export async function pythonEntryName(name: string, requirementsFile: string, python: PythonInterpreter): Promise<string> {
  const digest = createHash('sha256').update(await readFile(requirementsFile)).digest('hex');
  return `${name}-${digest.slice(0, 12)}-${python.tag}`;
}

/** Installs a requirements file into a folder of its own for PYTHONPATH; the user's Python is left as it is. */
export async function installWithPip(
  settings: LocalSettings,
  entryName: string,
  requirementsFile: string,
  watch: InstallWatch,
): Promise<{ python: PythonInterpreter; folder: string }> {
  const python = await findPython(settings);
  if (python === undefined) throw new LocalStackError('The development Qdrant needs Python, and python3 is not on PATH.', remedy);
  const folder = await installOnce({ cacheDirectory: settings.cacheDirectory, name: entryName, watch }, async (partial) => {
    const parameters = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--target', partial, '-r', requirementsFile];
    await runCommand(python.executable, parameters, {
      environment: settings.environment,
      remedy,
      timeoutMilliseconds: 10 * 60_000,
      signal: watch.signal,
    });
  });
  return { python, folder };
}
