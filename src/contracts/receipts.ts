import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

/** One result as a receipt holds it. Scores are the exact numbers: written as JSON and read again they are the same bits. */
export const receiptLineSchema = z
  .strictObject({
    chunkId: z.uuid(),
    documentId: z.uuid(),
    versionId: z.uuid(),
    digest: digestSchema.meta({ description: 'Of all that the index stores of the passage besides vectors, labels and visibility.' }),
    score: z.number(),
    dense: z.number().nullable(),
    sparse: z.number().nullable(),
    fused: z.number(),
    rerank: z.number().nullable(),
  })
  .meta({ id: 'ReceiptLine' });
export type ReceiptLine = z.infer<typeof receiptLineSchema>;

/** All that a search went by and what it found, so that it can be run again; all but `key` and `seal` is sealed. */
export const receiptContentSchema = z.strictObject({
  version: z.literal(1),
  tenant: z.string(),
  asOf: z.iso.datetime().meta({ description: 'The search is of the versions that were visible then.' }),
  request: z.record(z.string(), z.unknown()).meta({ description: 'The search, with all its defaults.' }),
  caller: z.strictObject({ policies: z.array(z.string()), tiers: z.array(z.string()).nullable() }).meta({ description: 'Labels that the caller held, and the tiers that the tenant was limited to.' }),
  generation: z.string().meta({ description: 'Generation of the index that was asked.' }),
  contract: z.string().meta({ description: 'Fingerprint of the embedding contract.' }),
  settings: z.strictObject({
    fusion: z.strictObject({ method: z.string(), denseWeight: z.number(), rankConstant: z.number() }),
    legDepth: z.int(), poolSize: z.int(), maximumRounds: z.int(),
  }),
  rerank: z.string(),
  boosts: z.record(z.string(), z.unknown()),
  tenantSettings: z.int().meta({ description: 'Revision of the search settings of the tenant.' }),
  synonyms: digestSchema.nullable().meta({ description: 'Of the synonyms that acted; null: none did.' }),
  query: z
    .strictObject({ dense: z.string().nullable(), sparse: z.strictObject({ indices: z.array(z.int()), values: z.array(z.number()) }).nullable() })
    .meta({ description: 'What the legs were asked for: the vector of the query (float32, base64), and its weighed terms.' }),
  degraded: z.array(z.string()).meta({ description: 'Parts that failed while the search ran.' }),
  results: z.array(receiptLineSchema),
});
export type ReceiptContent = z.infer<typeof receiptContentSchema>;

export const receiptSchema = receiptContentSchema
  .extend({ key: z.string().meta({ description: 'Id of the key that sealed it.' }), seal: z.string().meta({ description: 'HMAC-SHA256 over all the rest.' }) })
  .meta({ id: 'SearchReceipt', description: 'Proves what a search answered, and by what. Nobody without the key of the service can make or change one.' });
export type SearchReceipt = z.infer<typeof receiptSchema>;

export const replayRequestSchema = z.strictObject({ receipt: receiptSchema }).meta({ id: 'ReplayRequest' });

/** What may make a replay differ. */
export const replayReasons = ['model', 'history', 'caller', 'unavailable', 'generation', 'degraded', 'reranker', 'release'] as const;

export const replayResponseSchema = z
  .object({
    same: z.boolean().meta({ description: 'Every result has its place, its text and its scores, bit by bit.' }),
    asOf: z.iso.datetime(),
    generation: z.object({ then: z.string(), now: z.string() }),
    reasons: z.array(z.object({ code: z.enum(replayReasons), detail: z.string() })).meta({ description: 'Empty where all is the same.' }),
    differences: z
      .array(z.object({ rank: z.int(), then: receiptLineSchema.nullable(), now: receiptLineSchema.nullable() }))
      .meta({ description: 'By rank; null: no such result. Empty also where the search could not be run again at all.' }),
  })
  .meta({ id: 'ReplayResponse' });
export type ReplayResponse = z.infer<typeof replayResponseSchema>;
