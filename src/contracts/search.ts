import { z } from 'zod';
import { didYouMeanSchema, queryAnalysisSchema, termWeightUseSchema } from './queryAnalysis.ts';
import { problemSchema } from './problem.ts';
import { foundCodeSchema } from './codes/codeSystems.ts';
import { labelSchema, metadataValueSchema, sourceSchema, sourceTypes, tierSchema } from './documents.ts';
import { facetCountsSchema, facetLimitSchema, facetNamesSchema } from './facets.ts';
import { codesFilterSchema } from './filters/codes.ts';
import { dateRangeSchema } from './filters/dates.ts';
import { hostSchema } from './filters/host.ts';
import { languageSchema } from './filters/language.ts';
import { metadataFilterSchema } from './filters/metadata.ts';
import { receiptSchema } from './receipts.ts';
import { riskFilterSchema, riskSchema } from './risk.ts';

export const fusionMethods = ['similarity', 'min-max', 'z-score', 'reciprocal-rank'] as const;

/** What can order results anew. */
export const rerankerNames = ['none', 'built-in', 'model'] as const;
export type RerankerName = (typeof rerankerNames)[number];
export const rerankChoices = ['default', ...rerankerNames] as const;
export type RerankChoice = (typeof rerankChoices)[number];

export const searchModes = ['hybrid', 'dense', 'sparse'] as const;
export const searchModeSchema = z.enum(searchModes).meta({ id: 'SearchMode' });
export type SearchMode = z.infer<typeof searchModeSchema>;

const conditions = {
  tags: z.array(labelSchema).min(1).max(50).optional().meta({ description: 'Documents with any of these tags.' }),
  documents: z.array(z.uuid()).min(1).max(100).optional(),
  source: z
    .strictObject({
      type: z.enum(sourceTypes).optional(),
      location: z.string().max(2048).optional(),
      locationPrefix: z.string().min(1).max(2048).optional().meta({ description: 'How the location begins, such as "https://example.org/docs/".' }),
      host: hostSchema.optional().meta({ description: 'Host of the web address, without those below it.' }),
    })
    .optional(),
  tiers: z.array(tierSchema).min(1).optional(),
  languages: z.array(languageSchema).min(1).max(50).optional().meta({ description: 'Documents in any of these languages (BCP 47); "pt" finds "pt-BR" too.' }),
  metadata: metadataFilterSchema.optional(),
  codes: codesFilterSchema.optional(),
  risk: riskFilterSchema.optional().meta({ description: 'Passages by what they say to models rather than to people.' }),
  ingestedAt: dateRangeSchema.optional(),
};

/** All given conditions must hold. */
export const searchFiltersSchema = z
  .strictObject({
    ...conditions,
    not: z.strictObject(conditions).optional().meta({ description: 'What is to be left out: passages for which any of these conditions holds.', examples: [{ tags: ['draft'], source: { host: 'old.example.org' } }] }),
  })
  .meta({ id: 'SearchFilters', description: 'All given conditions must hold.' });
export type SearchFilters = z.infer<typeof searchFiltersSchema>;

/** What a read is narrowed by: the caller's filters and, in milliseconds since 1970, the time that it is as of; else it is of now. */
export type ReadFilters = SearchFilters & { readonly asOf?: number | undefined };

const boostWeightSchema = z.number().min(-1).max(1);

/**
 * What counts besides the text. Each boost adds its weight, or a part of it, times the distance between the best and the
 * worst score; all boosts of a passage together add half of that distance at the most and take half of it at the most.
 */
export const searchBoostsSchema = z
  .strictObject({
    titleMatch: boostWeightSchema.optional().meta({ description: 'The query is the title of the document, case and accents aside.' }),
    tiers: z.partialRecord(tierSchema, boostWeightSchema).optional().meta({ description: 'Passages by how they were made.' }),
    recency: z
      .strictObject({ weight: boostWeightSchema, halfLifeDays: z.number().positive().max(36_500), field: z.string().max(63).optional().meta({ description: 'The metadata key that holds the date (RFC 3339, or a year, month or day); else the time of ingestion.' }) })
      .optional()
      .meta({ description: 'The whole weight for what is of now, half of it at the half-life, and so on.' }),
    sources: z.array(z.strictObject({ prefix: z.string().min(1).max(2048), weight: boostWeightSchema })).max(50).optional().meta({ description: 'Documents whose location begins so; the longest prefix counts.' }),
    documents: z.record(z.uuid(), boostWeightSchema).optional().meta({ description: 'Single documents, such as those that readers found useful; at most 1,000.' }),
  })
  .refine(({ documents }) => Object.keys(documents ?? {}).length <= 1000, { message: 'at most 1,000 documents', path: ['documents'] })
  .meta({ id: 'SearchBoosts' });
export type SearchBoosts = z.infer<typeof searchBoostsSchema>;

/** RFC 3339 with an offset; what is finer than a millisecond is left out. */
const asOfSchema = z.iso.datetime({ offset: true, error: 'Expected a time with its offset, such as 2026-11-29T18:00:00Z' }).meta({ description: 'Answers from the versions that were visible at this time, RFC 3339: as far back as the retention policy keeps history searchable. Policy labels and deletions count as they are now.', examples: ['2026-11-29T18:00:00Z'] });

export const searchRequestSchema = z
  .strictObject({
    query: z.string().trim().min(1).max(4000),
    mode: searchModeSchema.default('hybrid'),
    limit: z.int().min(1).max(100).default(10),
    cursor: z.string().max(20_000).optional().meta({ description: '`nextCursor` of the page before, of the same search. What was shown is not shown again, however the index has changed meanwhile.' }),
    passagesPerDocument: z.int().min(1).max(100).default(3).meta({ description: 'Most passages of one document among the results, over all pages.' }),
    language: languageSchema.optional().meta({ description: 'BCP 47: what the query is written in. Else it is found out, as far as a few words tell.' }),
    filters: searchFiltersSchema.default({}),
    minimumScore: z.number().min(0).optional().meta({ description: 'Results below this score are left out. The scale is that of the scores in the answer: it depends on mode and reranking.' }),
    rerank: z.enum(rerankChoices).default('default').meta({ description: '`built-in` compares the words of query and passage by meaning, without an outside service; `model` asks the reranker that the operator has configured; `default` is what the tenant has set, else what the operator chose; searches by one leg then get none.' }),
    boosts: searchBoostsSchema.optional().meta({ description: 'Each field takes the place of the same one in the settings of the tenant.' }),
    aggregate: z.enum(['none', 'best', 'sum']).default('none').meta({ description: 'One result a document: `best` scores it by its best passage, `sum` adds half of the second and a quarter of the third. Its other passages stand in `passages`.' }),
    joinNeighbours: z.boolean().default(false).meta({ description: 'Passages that follow each other in a document become one result.' }),
    collapseDuplicates: z.boolean().default(false).meta({ description: 'Passages of several documents with nearly the same text become one result; the others stand in `duplicates`.' }),
    diversity: z.number().min(0).max(1).default(0).meta({ description: 'How much a result counts less for saying what those above it say: 0 not at all, 1 as much as its score.' }),
    spelling: z.boolean().default(false).meta({ description: 'Offers other spellings (`didYouMean`) of words that the passages the caller may see do not hold. What is searched stays the query as it was written. Costs another round trip where a word stands in no result.' }),
    facets: facetNamesSchema.optional(),
    facetLimit: facetLimitSchema,
    explain: z.boolean().default(false),
    asOf: asOfSchema.optional(),
    receipt: z.boolean().optional().meta({ description: 'The answer carries a sealed receipt, by which `POST /v1/search/replay` runs this very search again. Of a first page alone; such an answer is never taken from memory.' }),
  })
  .meta({ id: 'SearchRequest' });
export type SearchRequest = z.infer<typeof searchRequestSchema>;

const legScoreSchema = z.object({ score: z.number(), rank: z.int().min(1) });

export const searchResultSchema = z
  .object({
    rank: z.int().min(1),
    score: z.number(),
    scores: z.object({
      dense: legScoreSchema.nullable(), sparse: legScoreSchema.nullable(), fused: z.number(),
      boosts: z.array(z.object({ name: z.string(), value: z.number() })).optional(),
      rerank: z.object({ by: z.string(), score: z.number(), before: z.int(), after: z.int(), among: z.int().optional() }).optional().meta({ description: 'Ranks before and after, from 1, among the reranked; "among": how many a model scored.' }),
    }),
    passage: z.string(),
    highlights: z.array(z.object({ start: z.int(), end: z.int() })).meta({ description: 'UTF-16 offsets into the passage.' }),
    document: z.object({
      id: z.uuid(), versionId: z.uuid(), title: z.string(), source: sourceSchema, tags: z.array(z.string()),
      metadata: z.record(z.string(), metadataValueSchema), ingestedAt: z.iso.datetime(),
      language: z.string().optional().meta({ description: 'BCP 47, where the document says or it could be told.' }),
    }),
    chunk: z.object({
      id: z.uuid(), ordinal: z.int(), tier: tierSchema, headings: z.array(z.string()),
      page: z.int().nullable(), pageEnd: z.int().nullable(), start: z.int(), end: z.int(),
      codes: z.array(foundCodeSchema).optional().meta({ description: 'Codes found in the passage, its headings or the title.' }),
      risk: riskSchema.optional().meta({ description: 'Absent where nothing was found. Whoever gives the passage to a model should leave it out, or tell the model that it is untrusted.' }),
    }),
    sentences: z.array(z.object({ start: z.int(), end: z.int() })).meta({ description: 'The sentences that hold most of the query, in order of place; UTF-16 offsets into the passage.' }),
    passages: z.array(z.object({ id: z.uuid(), ordinal: z.int(), score: z.number(), passage: z.string() })).optional().meta({ description: 'Further passages of the document, where results are aggregated.' }),
    duplicates: z.array(z.object({ documentId: z.uuid(), chunkId: z.uuid(), title: z.string() })).optional().meta({ description: 'Passages of other documents with nearly the same text.' }),
    explanation: z.array(z.string()).optional(),
  })
  .meta({ id: 'SearchResult' });
export type SearchResult = z.infer<typeof searchResultSchema>;

export const searchResponseSchema = z
  .object({
    query: z.string(),
    mode: searchModeSchema,
    results: z.array(searchResultSchema),
    analysis: queryAnalysisSchema.optional().meta({ description: 'What was made of the query, where `explain` asks for it.' }),
    didYouMean: didYouMeanSchema.nullable().optional().meta({ description: 'Where `spelling` asks for it; null where every word is held, or nothing similar is.' }),
    nextCursor: z.string().nullable().meta({ description: 'Asks for the next page; null at the end.' }),
    degraded: z.boolean().meta({ description: 'A part of the search failed and another stood in for it: the results are good, but not what they would be.' }),
    degradations: z.array(z.object({ part: z.enum(['dense', 'sparse', 'rerank', 'synonyms', 'settings', 'facets']), code: z.string(), message: z.string() })),
    facets: facetCountsSchema.optional().meta({ description: 'Where they were asked for and could be counted.' }),
    asOf: z.iso.datetime().optional().meta({ description: 'The time that the answer is as of, where the search named one or a receipt was asked for.' }),
    receipt: receiptSchema.optional(),
    tookMs: z.number(),
    cached: z.boolean().optional().meta({ description: 'True where the answer was computed for an identical search a moment ago, of the same state of the index; "timings" are of that search.' }),
    timings: z.object({ embedMs: z.number(), retrieveMs: z.number(), fuseMs: z.number(), payloadMs: z.number(), rerankMs: z.number() }).optional(),
  })
  .meta({ id: 'SearchResponse' });
export type SearchResponse = z.infer<typeof searchResponseSchema>;

/** What a search sets for itself in place of the settings of the service; what is left out stays as it is there. */
export const searchOverridesSchema = z
  .strictObject({
    fusion: z.strictObject({ method: z.enum(fusionMethods).optional(), denseWeight: z.number().min(0).max(1).optional(), rankConstant: z.number().positive().optional() }).optional(),
    legDepth: z.int().min(1).max(1000).optional().meta({ description: 'Hits asked of each leg.' }),
    poolSize: z.int().min(1).max(200).optional().meta({ description: 'Candidates that boosts and reranking look at.' }),
  })
  .meta({ id: 'SearchOverrides' });
export type SearchOverrides = z.infer<typeof searchOverridesSchema>;

export const debugSearchRequestSchema = searchRequestSchema.omit({ receipt: true }).extend({ settings: searchOverridesSchema.default({}) }).meta({ id: 'DebugSearchRequest' });
export type DebugSearchRequest = z.infer<typeof debugSearchRequestSchema>;

const legHitSchema = z.object({ id: z.uuid(), score: z.number() });

/** What the parts of a search did, for whoever has to find out why a result stands where it does, or is missing. */
export const debugSearchResponseSchema = searchResponseSchema
  .extend({
    debug: z.object({
      settings: z.object({ fusion: z.object({ method: z.enum(fusionMethods), denseWeight: z.number(), rankConstant: z.number() }), legDepth: z.int(), poolSize: z.int() }),
      terms: z.array(z.string()).meta({ description: 'The terms that the query was analysed into.' }),
      weights: z.record(z.string(), z.number()).meta({ description: 'What each of them weighs in the sparse leg, before rarity; synonyms included. 0 is left out.' }),
      tenant: z
        .object({ revision: z.int(), boosts: searchBoostsSchema, termWeights: z.array(termWeightUseSchema) })
        .meta({ description: 'What the settings of the tenant came to: their revision, the boosts of this search with those of the request in their place, the weights of terms that were applied.' }),
      rounds: z.int().meta({ description: 'How often the legs were asked.' }),
      legs: z.object({ dense: z.array(legHitSchema).nullable(), sparse: z.array(legHitSchema).nullable() }),
      candidates: z.array(
        z.object({
          rank: z.int(), id: z.uuid(), documentId: z.uuid(), ordinal: z.int(), title: z.string(), score: z.number(),
          scores: searchResultSchema.shape.scores,
          dropped: z.string().nullable().meta({ description: 'Why it did not become a result; null where it did, or was put to one.' }),
        }),
      ),
    }),
  })
  .meta({ id: 'DebugSearchResponse' });
export type DebugSearchResponse = z.infer<typeof debugSearchResponseSchema>;

export const similarRequestSchema = searchRequestSchema
  .omit({ query: true, cursor: true, joinNeighbours: true, rerank: true, receipt: true })
  .extend({ documentId: z.uuid(), passagesPerDocument: z.int().min(1).max(100).default(1) })
  .meta({ id: 'SimilarRequest' });
export type SimilarRequest = z.infer<typeof similarRequestSchema>;

export const batchSearchRequestSchema = z.strictObject({ searches: z.array(searchRequestSchema).min(1).max(20) }).meta({ id: 'BatchSearchRequest' });
/** In the order of the searches; each has an answer or a problem of its own. */
export const batchSearchResponseSchema = z
  .object({ answers: z.array(z.union([z.object({ answer: searchResponseSchema }), z.object({ problem: problemSchema })])) })
  .meta({ id: 'BatchSearchResponse' });
export type BatchSearchResponse = z.infer<typeof batchSearchResponseSchema>;
