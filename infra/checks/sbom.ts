/**
 * `npm run sbom`: a bill of materials in CycloneDX on standard output, or in a file by `-- --out FILE`: the packages of npm as the lock file
 * pins them, and what the local stack brings besides (programs built by Go, packages of Python, the embedding model).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../local/install/runCommand.ts';
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

/** From the lock file: the same bill on every machine, whatever of the optional packages is installed there. */
const npmArguments = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];

/** @throws LocalStackError where npm fails, say because node_modules is not what the lock file says. */
export async function billOfMaterials(project: string): Promise<BillOfMaterials> {
  const ofNpm = JSON.parse(await runCommand('npm', npmArguments, { environment: processEnvironment(), workingDirectory: project, remedy: 'Run npm ci.', timeoutMilliseconds: 300_000 })) as BillOfMaterials;
  const ofPython = await Promise.all(requirementFiles.map(async ([, file]) => pythonComponents(await readFile(new URL(file, import.meta.url), 'utf8'))));
  return { ...ofNpm, components: [...ofNpm.components, ...localComponents, ...ofPython.flat()] };
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
