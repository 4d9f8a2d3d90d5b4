import { z } from 'zod';
import { labelSchema, metadataValueSchema, sourceSchema, sourceTypes, tierSchema } from './documents.ts';

export const searchModes = ['hybrid', 'dense', 'sparse'] as const;
export const searchModeSchema = z.enum(searchModes).meta({ id: 'SearchMode' });
export type SearchMode = z.infer<typeof searchModeSchema>;

const rangeSchema = z
  .strictObject({ gt: z.number().optional(), gte: z.number().optional(), lt: z.number().optional(), lte: z.number().optional() })
  .refine((range) => Object.values(range).some((bound) => bound !== undefined), 'at least one bound');
const dateRangeSchema = z
  .strictObject({ from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional() })
  .refine((range) => range.from !== undefined || range.to !== undefined, 'at least one of "from" and "to"');

/** All given conditions must hold. */
export const searchFiltersSchema = z
  .strictObject({
    tags: z.array(labelSchema).min(1).max(50).optional().meta({ description: 'Documents with any of these tags.' }),
    documents: z.array(z.uuid()).min(1).max(100).optional(),
    source: z.strictObject({ type: z.enum(sourceTypes).optional(), location: z.string().max(2048).optional() }).optional(),
    tiers: z.array(tierSchema).min(1).optional(),
    metadata: z.record(z.string().max(63), z.union([metadataValueSchema, rangeSchema])).optional().meta({ description: 'Equality, any of a list, or a numeric range, by metadata key.' }),
    ingestedAt: dateRangeSchema.optional(),
  })
  .meta({ id: 'SearchFilters' });
export type SearchFilters = z.infer<typeof searchFiltersSchema>;

export const searchRequestSchema = z
  .strictObject({
    query: z.string().trim().min(1).max(4000),
    mode: searchModeSchema.default('hybrid'),
    limit: z.int().min(1).max(100).default(10),
    passagesPerDocument: z.int().min(1).max(100).default(3).meta({ description: 'Most passages of one document among the results.' }),
    filters: searchFiltersSchema.default({}),
    explain: z.boolean().default(false),
  })
  .meta({ id: 'SearchRequest' });
export type SearchRequest = z.infer<typeof searchRequestSchema>;

const legScoreSchema = z.object({ score: z.number(), rank: z.int().min(1) });

export const searchResultSchema = z
  .object({
    rank: z.int().min(1),
    score: z.number(),
    scores: z.object({ dense: legScoreSchema.nullable(), sparse: legScoreSchema.nullable(), fused: z.number() }),
    passage: z.string(),
    highlights: z.array(z.object({ start: z.int(), end: z.int() })).meta({ description: 'UTF-16 offsets into the passage.' }),
    document: z.object({
      id: z.uuid(), versionId: z.uuid(), title: z.string(), source: sourceSchema, tags: z.array(z.string()),
      metadata: z.record(z.string(), metadataValueSchema), ingestedAt: z.iso.datetime(),
    }),
    chunk: z.object({
      id: z.uuid(), ordinal: z.int(), tier: tierSchema, headings: z.array(z.string()),
      page: z.int().nullable(), pageEnd: z.int().nullable(), start: z.int(), end: z.int(),
    }),
    explanation: z.array(z.string()).optional(),
  })
  .meta({ id: 'SearchResult' });
export type SearchResult = z.infer<typeof searchResultSchema>;

export const searchResponseSchema = z
  .object({
    query: z.string(),
    mode: searchModeSchema,
    results: z.array(searchResultSchema),
    tookMs: z.number(),
    timings: z.object({ embedMs: z.number(), retrieveMs: z.number(), fuseMs: z.number(), payloadMs: z.number() }).optional(),
  })
  .meta({ id: 'SearchResponse' });
export type SearchResponse = z.infer<typeof searchResponseSchema>;
