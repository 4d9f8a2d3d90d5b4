import { z } from 'zod';

export interface SearchHit {
  readonly id: string;
  readonly score: number;
}

/** What one search should find, best first, and what it does. */
export interface ComparedSearch {
  readonly exact: readonly SearchHit[];
  readonly found: readonly SearchHit[];
}

/** Below this an index does not find what it should. */
export const leastRecall = 0.95;

export const recallSchema = z
  .object({
    at: z.iso.datetime(),
    sampled: z.int().meta({ description: 'Points whose neighbours were looked for.' }),
    recall: z.number().meta({ description: 'Of the ten nearest among those of the same tenant, how many searches find.' }),
    low: z.boolean().meta({ description: `Less than ${leastRecall}.` }),
  })
  .meta({ id: 'IndexRecall' });
export type IndexRecall = z.infer<typeof recallSchema>;
