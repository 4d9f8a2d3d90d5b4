import { z } from 'zod';

const intervalSchema = z.object({ low: z.number(), expected: z.number(), high: z.number() });

/** What an ingestion is likely to take, before it runs. */
export const estimateSchema = z
  .object({
    documents: z.int(),
    bytes: z.object({ known: z.int(), documentsOfUnknownSize: z.int() }),
    tokens: intervalSchema.meta({ description: 'p10, p50 and p90 by what documents of this kind needed before, or by a default where there were none.' }),
    cost: intervalSchema,
    currency: z.string(),
    basis: z.enum(['history', 'default']),
  })
  .meta({ id: 'Estimate' });
export type Estimate = z.infer<typeof estimateSchema>;

/** Prices as configured; 0 where nothing is charged. */
export interface Prices {
  readonly currency: string;
  readonly perMillionTokens: number;
  readonly perCredit: number;
  readonly perThousandReranks?: number;
  readonly perThousandSearches?: number;
  /** As tokens of passages where it is not set. */
  readonly perMillionQueryTokens?: number | undefined;
  readonly perProcessorHour?: number;
}
