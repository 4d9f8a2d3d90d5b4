import { s3Program } from '../local/dependencies/s3.ts';
import { temporalProgram } from '../local/dependencies/temporal.ts';
import type { GoProgram } from '../local/install/goInstall.ts';
import { modelFiles, modelName } from '../local/install/modelInstall.ts';

/** As far as CycloneDX asks for it. */
export interface Component {
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly 'bom-ref'?: string;
  readonly description?: string;
  readonly scope?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly [field: string]: unknown;
}

/** What is no package of npm and yet pinned by the code of the local stack. None of it is part of a production deployment but the model. */
export const localComponents: readonly Component[] = [
  ...[temporalProgram, s3Program].map((program) => goComponent(program)),
  ...modelFiles.map(({ name, sha256 }): Component => ({
    type: 'machine-learning-model', name: `${modelName}/${name}`, 'bom-ref': `model:${modelName}/${name}`, description: 'bge-small-en-v1.5, int8 ONNX; MIT', hashes: [{ alg: 'SHA-256', content: sha256 }],
  })),
];

function goComponent({ name, module, version }: GoProgram): Component {
  const purl = `pkg:golang/${module}@v${version}`;
  return { type: 'application', name, version: `v${version}`, purl, 'bom-ref': purl, scope: 'excluded', description: 'Local stack only.' };
}

/** The packages of a requirements file; every line of the project’s own pins one exactly. */
export function pythonComponents(requirements: string): Component[] {
  const lines = requirements.split('\n').map((line) => line.replace(/\s*[;#].*$/, '').trim());
  return lines.filter((line) => line !== '').map((line) => {
    const [name, version] = line.split('==');
    if (name === undefined || version === undefined) throw new Error(`The requirement "${line}" pins no version.`);
    const purl = `pkg:pypi/${name.toLowerCase()}@${version}`;
    return { type: 'library', name, version, purl, 'bom-ref': purl, scope: 'excluded', description: 'Local stack and tests only.' };
  });
}
