import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { searchConfigurationSchema } from '../configurations/configuration.ts';
import { metricNames } from '../metrics.ts';
import type { ConfigurationResult } from '../searchQueries.ts';

const score = z.number().min(0).max(1);
const metricsSchema = z.record(z.enum(metricNames), score);
const latencySchema = z.object({ p50: z.number(), p95: z.number() });

/** What a run measured, with what it takes to compare it query by query. */
export const savedRunSchema = z.object({
  format: z.literal('catalyst-evaluation/1'),
  collection: z.string(),
  split: z.string(),
  /** Documents of the collection; fewer than it holds where the run was limited. */
  documents: z.int(),
  date: z.iso.datetime(),
  commit: z.string(),
  machine: z.string(),
  configurations: z.array(
    z.object({
      configuration: searchConfigurationSchema,
      metrics: metricsSchema,
      latencyMs: latencySchema,
      queries: z.array(z.object({ id: z.string(), metrics: metricsSchema, latencyMs: z.number(), ranking: z.array(z.string()).max(100) })),
    }),
  ),
});
export type SavedRun = z.infer<typeof savedRunSchema>;

/** Which run it was. */
export type RunOrigin = Omit<SavedRun, 'configurations'>;

/** Throws a sentence that names the file, and the field where it is not what `--save` writes. */
export async function readSavedRun(file: string): Promise<SavedRun> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not a readable JSON file: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const result = savedRunSchema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${file} is not a run that --save has written (${issue?.path.join('.') || 'the whole'}: ${issue?.message}).`);
}

export async function writeSavedRun(file: string, origin: RunOrigin, results: readonly ConfigurationResult[]): Promise<void> {
  const run: SavedRun = { ...origin, configurations: results.map(savedResult) };
  await writeFile(file, `${JSON.stringify(run)}\n`);
}

function savedResult({ configuration, metrics, latencyMs, queries }: ConfigurationResult): SavedRun['configurations'][number] {
  return { configuration, metrics, latencyMs, queries: queries.map((query) => ({ ...query, ranking: [...query.ranking] })) };
}
