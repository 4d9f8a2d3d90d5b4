/**
 * `npm run sbom`: a bill of materials in CycloneDX on standard output, or in a file by `-- --out FILE`: the packages of npm as the lock file
 * pins them, and what the local stack brings besides (programs built by Go, packages of Python, the embedding model).
 */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '../local/processEnvironment.ts';
import { isMain } from './isMain.ts';
import { localComponents, pythonComponents } from './localComponents.ts';
import type { Component } from './localComponents.ts';

export interface BillOfMaterials {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: string;
  readonly components: readonly Component[];
}

const requirementFiles = [
  ['qdrant', '../local/qdrant/requirements.txt'],
  ['schemathesis', '../../tests/fuzz/requirements.txt'],
] as const;

/** @throws Error where npm fails, say because node_modules is not what the lock file says. */
export async function billOfMaterials(project: string): Promise<BillOfMaterials> {
  const ofNpm = JSON.parse(await npmSbom(project)) as BillOfMaterials;
  const ofPython = await Promise.all(requirementFiles.map(async ([, file]) => pythonComponents(await readFile(new URL(file, import.meta.url), 'utf8'))));
  return { ...ofNpm, components: [...ofNpm.components, ...localComponents, ...ofPython.flat()] };
}

function npmSbom(project: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // From the lock file: the same bill on every machine, whatever of the optional packages is installed there.
    const child = spawn('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'], { cwd: project, env: processEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`npm sbom ended with ${String(code)}: ${errors.slice(-500)}`))));
  });
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const bill = await billOfMaterials(fileURLToPath(new URL('../../', import.meta.url)));
  const text = `${JSON.stringify(bill, undefined, 2)}\n`;
  if (values.out === undefined) process.stdout.write(text);
  else {
    await writeFile(values.out, text);
    console.log(`${bill.components.length} components in ${values.out}`);
  }
}
