import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fusionMethods, rerankChoices, searchModeSchema } from '../../../src/contracts/search.ts';
import type { RerankChoice, SearchOverrides } from '../../../src/contracts/search.ts';
import { allModes, plainConfiguration, searchConfigurationSchema } from './configuration.ts';
import type { SearchConfiguration } from './configuration.ts';

/** Values to combine. Fusion says something about hybrid search alone, the rank constant about reciprocal rank alone. */
export const matrixSchema = z.strictObject({
  modes: z.array(searchModeSchema).min(1).default([...allModes]),
  fusionMethods: z.array(z.enum(fusionMethods)).default([]),
  denseWeights: z.array(z.number().min(0).max(1)).min(1).default([0.5]),
  rankConstants: z.array(z.number().positive()).min(1).default([60]),
  legDepths: z.array(z.int().min(1)).default([]),
  reranks: z.array(z.enum(rerankChoices)).default([]),
  /** Beside the combinations, as they are. */
  configurations: z.array(searchConfigurationSchema).default([]),
});
export type Matrix = z.infer<typeof matrixSchema>;

/** What `--matrix` runs without a file. */
export const usualMatrix: Matrix = {
  modes: [...allModes],
  fusionMethods: ['min-max', 'z-score', 'reciprocal-rank'],
  denseWeights: [0.4, 0.5, 0.6, 0.7],
  rankConstants: [10, 60],
  legDepths: [],
  reranks: ['none'],
  configurations: [0.85, 0.87, 0.89, 0.91, 0.93].map((denseWeight) => ({ name: `hybrid similarity dense ${denseWeight}`, mode: 'hybrid', rerank: 'none', settings: { fusion: { method: 'similarity', denseWeight } } })),
};

/** Throws a sentence that names the file and the field. */
export async function readMatrix(file: string): Promise<Matrix> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not a readable JSON file: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const result = matrixSchema.safeParse(content);
  if (!result.success) throw new Error(`${file} is not a matrix: ${result.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ')}`);
  return result.data;
}

/**
 * The plain modes first, so that one of them is chosen where nothing is better; then every combination once.
 * Throws where two configurations have one name.
 */
export function configurationsOf(matrix: Matrix): SearchConfiguration[] {
  const plain = matrix.modes.map(plainConfiguration);
  const all = [...plain, ...(matrix.modes.includes('hybrid') ? combinations(matrix) : []), ...matrix.configurations];
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new Error(`Two configurations of the matrix are named "${twice.name}".`);
  return all;
}

function combinations({ fusionMethods: methods, denseWeights, rankConstants, legDepths, reranks }: Matrix): SearchConfiguration[] {
  const fusions = methods.flatMap((method) =>
    denseWeights.flatMap((denseWeight): SearchOverrides['fusion'][] => (method === 'reciprocal-rank' ? rankConstants.map((rankConstant) => ({ method, denseWeight, rankConstant })) : [{ method, denseWeight }])),
  );
  const depths = orUnset(legDepths);
  return orUnset(fusions).flatMap((fusion) => depths.flatMap((legDepth) => orUnset(reranks).flatMap((rerank) => hybrid(fusion, legDepth, rerank))));
}

/** Where nothing is to be tried, what the service is set to is the only value. */
function orUnset<Value>(values: readonly Value[]): (Value | undefined)[] {
  return values.length === 0 ? [undefined] : [...values];
}

/** None for the combination that sets nothing: that is the plain mode. */
function hybrid(fusion: SearchOverrides['fusion'], legDepth: number | undefined, rerank: RerankChoice | undefined): SearchConfiguration[] {
  const settings: SearchOverrides = { ...(fusion === undefined ? {} : { fusion }), ...(legDepth === undefined ? {} : { legDepth }) };
  const parts = [
    'hybrid',
    ...(fusion === undefined ? [] : [fusion.method, `dense ${fusion.denseWeight}`, ...(fusion.rankConstant === undefined ? [] : [`constant ${fusion.rankConstant}`])]),
    ...(legDepth === undefined ? [] : [`depth ${legDepth}`]),
    ...(rerank === undefined ? [] : [`rerank ${rerank}`]),
  ];
  if (parts.length === 1) return [];
  return [{ name: parts.join(' '), mode: 'hybrid', ...(rerank === undefined ? {} : { rerank }), ...(Object.keys(settings).length === 0 ? {} : { settings }) }];
}
