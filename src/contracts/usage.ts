import { z } from 'zod';

const amountsSchema = z.object({
  tokens: z.int().meta({ description: 'Tokens of passages given to the embedding model.' }),
  embeddings: z.int().meta({ description: 'Passages given to the embedding model.' }),
  bytes: z.int().meta({ description: 'Bytes of documents that were fetched or read.' }),
  credits: z.number().meta({ description: 'Credits of the fetch service.' }),
  searches: z.int(),
  queryTokens: z.int().meta({ description: 'Tokens of queries given to the embedding model; a query whose vector is remembered costs none.' }),
  reranks: z.int().meta({ description: 'Calls of the reranker, where one is configured.' }),
  processorSeconds: z.number().meta({ description: 'Processor time that was measured: of parsing, chunking and the embedded model.' }),
});

/** What was used. */
export const usageAmountsSchema = amountsSchema.extend({ cost: z.number().meta({ description: 'By the prices configured now.' }) }).meta({ id: 'UsageAmounts' });
export type UsageAmounts = z.infer<typeof amountsSchema>;

export const noUsage: UsageAmounts = { tokens: 0, embeddings: 0, bytes: 0, credits: 0, searches: 0, queryTokens: 0, reranks: 0, processorSeconds: 0 };

const day = z.iso.date().meta({ example: '2026-11-29' });

/** Searches of this day by UTC, where the tenant has a quota of them. */
export const searchesTodaySchema = z
  .object({ quota: z.int(), used: z.int(), left: z.int(), resetsAt: z.iso.datetime().meta({ description: 'Midnight by UTC.' }) })
  .nullable()
  .meta({ id: 'SearchesToday', description: 'Searches of this day by UTC against the quota of the tenant, whatever the span; null where it has none.' });
export type SearchesToday = z.infer<typeof searchesTodaySchema>;

export const usageGroupings = ['day', 'job'] as const;
export const usageSchema = z
  .object({
    from: day,
    to: day,
    currency: z.string(),
    totals: usageAmountsSchema.meta({ description: 'Of the whole span, whatever the page.' }),
    entries: z.array(
      z.object({
        day: day.nullable().meta({ description: 'By day: the day.' }),
        jobId: z.uuid().nullable().meta({ description: 'By job: the job; null for what belongs to none, such as searches.' }),
        ...usageAmountsSchema.shape,
      }),
    ),
    next: z.string().nullable(),
    searchesToday: searchesTodaySchema,
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usageSchema>;

/** Days of a request at the most. */
export const longestUsageDays = 366;
