import { z } from 'zod';
import { embeddingContractSchema } from './embedding.ts';
import { failureSchema } from './failure.ts';
import type { ClusterSettings, IndexThresholds } from './indexSettings.ts';
import { recallSchema } from './recall.ts';
import { recutSchema } from './recut.ts';
import { tenantSchema } from './identifiers.ts';

/**
 * building: it is being filled; ready: it is complete and kept so, and may serve; serving: the alias leads to it; retired: it served before
 * and is kept complete, so that the way back is open until it is dropped; abandoned: it was given up before it served.
 */
export const generationStates = ['building', 'ready', 'serving', 'retired', 'abandoned', 'dropped'] as const;
export type GenerationState = (typeof generationStates)[number];

/** How much of an index is dead weight. */
export const indexStatisticsSchema = z
  .object({
    points: z.int().meta({ description: 'Points that the generation holds.' }),
    removedPoints: z.int().meta({ description: 'Points that were deleted or replaced since the generation was made.' }),
    removedRatio: z.number().meta({ description: 'Of all points that it ever held.' }),
    segments: z.int(),
    unindexedVectors: z.int().meta({ description: 'Dense vectors that no graph knows; searched one by one.' }),
    vectorBytes: z.int().meta({ description: 'Of the dense vectors, without graph and payload.' }),
  })
  .meta({ id: 'IndexStatistics' });
export type IndexStatistics = z.infer<typeof indexStatisticsSchema>;
/** What the database itself tells of a generation. */
export type PhysicalStatistics = Omit<IndexStatistics, 'removedPoints' | 'removedRatio'>;

/** How collections are to be laid out, by their size. */
export interface IndexLayout {
  readonly thresholds: IndexThresholds;
  readonly cluster: ClusterSettings;
}

/** Where one of them is reached, the index is made anew. Null: never because of this. */
export interface CompactionThresholds {
  readonly removedRatio: number;
  readonly segments: number | null;
  readonly unindexedVectors: number | null;
  /** An index smaller than this is never worth it. */
  readonly leastPoints: number;
}

export const generationSchema = z
  .object({
    id: z.string().meta({ description: 'The name of the collection in Qdrant.' }),
    state: z.enum(generationStates),
    tenant: z.string().nullable().meta({ description: 'Whose own it is; null: it is shared.' }),
    excluded: z.array(z.string()).meta({ description: 'Of a shared one: tenants that it does not hold, having a collection of their own.' }),
    departures: z.record(z.string(), z.iso.datetime()).meta({ description: 'Of a shared one: tenants that have moved to a collection of their own, and until when it holds their points nevertheless, so that there is a way back.' }),
    reason: z.string().meta({ description: 'Why it was made.' }),
    contract: embeddingContractSchema,
    recut: recutSchema.nullable().meta({ description: 'By which documents were cut anew for it, or for one before it; null: all passages are those that documents came with.' }),
    settings: z.record(z.string(), z.unknown()).meta({ description: 'What it was made with: term weights, graph, quantisation.' }),
    documents: z.int().nullable().meta({ description: 'When it was last compared with the registry.' }),
    points: z.int().nullable(),
    digest: z.string().nullable().meta({ description: 'Of all documents and versions that it held then.' }),
    tokens: z.int().meta({ description: 'That the model was asked for in order to make it; 0 where it was made of stored vectors alone.' }),
    maximumTokens: z.int().nullable().meta({ description: 'That it may take by then; null: none were asked for, since it is made of what is stored.' }),
    filledDocuments: z.int().meta({ description: 'Of what it is being filled with: how many documents are in it.' }),
    expectedDocuments: z.int().nullable().meta({ description: 'How many it was to be filled with when that was counted; null: it was not.' }),
    doneBy: z.iso.datetime().nullable().meta({ description: 'Of what it is being filled with: when all will be in it, by its pace so far; null: not known.' }),
    pendingChanges: z.int().meta({ description: 'Documents that changed and that it has not followed yet.' }),
    createdAt: z.iso.datetime(),
    servedFrom: z.iso.datetime().nullable(),
    retiredAt: z.iso.datetime().nullable(),
    dropAfter: z.iso.datetime().nullable(),
    droppedAt: z.iso.datetime().nullable(),
    failure: failureSchema.nullable(),
    recall: recallSchema.nullable().meta({ description: 'When it was last compared with exact search.' }),
  })
  .meta({ id: 'Generation' });
export type Generation = z.infer<typeof generationSchema>;

/** Which steps a change of the index may be made of. */
export const indexChangeKinds = ['compaction', 'rollback', 'reindex'] as const;
export type IndexChangeKind = (typeof indexChangeKinds)[number];

/** A query and the documents that answer it, by which an index made by another model is judged. */
export const smokeQuerySchema = z
  .strictObject({
    tenant: tenantSchema,
    query: z.string().min(1).max(1_000),
    relevant: z.array(z.uuid()).min(1).max(100).meta({ description: 'Documents that answer it.' }),
    policies: z.array(z.string().max(200)).max(50).default([]).meta({ description: 'Labels that who asks holds.' }),
  })
  .meta({ id: 'SmokeQuery' });
export type SmokeQuery = z.infer<typeof smokeQuerySchema>;

/** What an index made by another model has to be before it serves. */
export const reindexGatesSchema = z
  .strictObject({
    qualityLoss: z.number().min(0).max(1).default(0.02).meta({ description: 'How much worse the new index may be at finding passages again, and by nDCG@10 of the smoke queries.' }),
    overlap: z.number().min(0).max(1).default(0).meta({ description: 'Part of the ten first documents that both must have in common, over the smoke queries and those that were asked lately.' }),
    latencyFactor: z.number().min(1).max(100).default(3).meta({ description: 'How many times as long the slowest twentieth of searches may take.' }),
  })
  .meta({ id: 'ReindexGates' });
export type ReindexGates = z.infer<typeof reindexGatesSchema>;

/** The same measure of the index that serves and of the one that is to. */
const comparedSchema = z.object({ serving: z.number(), next: z.number() });

export const reindexReportSchema = z
  .object({
    passed: z.boolean(),
    findings: z.array(z.string()).readonly().meta({ description: 'In sentences, what each gate found.' }),
    foundAgain: comparedSchema.extend({ probes: z.int() }).meta({ description: 'Mean reciprocal rank of documents that were looked for by words from within them, by meaning alone.' }),
    smoke: comparedSchema.extend({ queries: z.int() }).nullable().meta({ description: 'nDCG@10 of the smoke queries.' }),
    overlap: z.object({ mean: z.number(), queries: z.int() }).nullable().meta({ description: 'Of the ten first documents of queries that were asked lately, and of the smoke queries.' }),
    latencyMs: comparedSchema.meta({ description: '95th percentile.' }),
  })
  .meta({ id: 'ReindexReport' });
export type ReindexReport = z.infer<typeof reindexReportSchema>;

export const reindexRequestSchema = z
  .strictObject({
    tenant: tenantSchema.optional().meta({ description: 'Only the collection of this tenant, which has one of its own. Absent: the shared one.' }),
    maximumTokens: z.int().min(0).optional().meta({ description: 'Most tokens that the model may be asked for. Without it nothing is done, and what it would take is told.' }),
    recut: z.boolean().default(false).meta({ description: 'Not to the other model, but to the other chunker: every document is cut anew, and embedded by the model that serves.' }),
    giveUp: z.boolean().default(false).meta({ description: 'Nothing is begun: the change that was stopped is not wanted any more, and what was made for it is dropped.' }),
    gates: reindexGatesSchema.prefault({}),
    smoke: z.array(smokeQuerySchema).max(500).default([]).meta({ description: 'Queries whose answers are known.' }),
  })
  .meta({ id: 'ReindexRequest' });
export type ReindexRequest = z.infer<typeof reindexRequestSchema>;
/** By what a generation that is not like the one that serves is judged. */
export type ReindexTrial = Pick<ReindexRequest, 'gates' | 'smoke'>;

export const indexDecisionSchema = z
  .object({
    at: z.iso.datetime(),
    kind: z.enum(indexChangeKinds),
    decision: z.enum(['begun', 'nothing to do', 'switched', 'abandoned', 'estimated', 'judged', 'stopped']).meta({ description: 'estimated: a change to another model waits for its approval; judged: it has passed its gates; stopped: such a change has not passed its gates or has used up its tokens, and can go on.' }),
    because: z.array(z.string()).readonly(),
    by: z.string(),
    generation: z.string().nullable(),
    tenant: z.string().nullable().meta({ description: 'About whose own collection it was; null: the shared one.' }),
    statistics: indexStatisticsSchema.nullable(),
    stillMs: z.number().nullable().meta({ description: 'Of a switch: how long writers waited, in milliseconds.' }),
    report: reindexReportSchema.nullable().meta({ description: 'Of a change to another model: what its gates have found.' }),
  })
  .meta({ id: 'IndexDecision' });
export type IndexDecision = z.infer<typeof indexDecisionSchema>;

const placementSchema = z
  .object({
    tenant: z.string(),
    alias: z.string().meta({ description: 'That all reads and writes of the tenant go through.' }),
    serving: z.string().nullable(),
    own: z.boolean().meta({ description: 'False: the tenant is to have a collection of its own, and is in the shared one yet.' }),
    statistics: indexStatisticsSchema.nullable().meta({ description: 'Of its own collection.' }),
  })
  .meta({ id: 'IndexPlacement' });

export const indexOverviewSchema = z
  .object({
    alias: z.string(),
    serving: z.string().nullable().meta({ description: 'The generation that the alias leads to.' }),
    statistics: indexStatisticsSchema.nullable(),
    placements: z.array(placementSchema).meta({ description: 'Of tenants that the configuration gives a collection of their own.' }),
    generations: z.array(generationSchema),
    decisions: z.array(indexDecisionSchema).meta({ description: 'The last ones, newest first.' }),
  })
  .meta({ id: 'IndexOverview' });
export type IndexOverview = z.infer<typeof indexOverviewSchema>;

export const compactionRequestSchema = z
  .strictObject({
    force: z.boolean().default(false).meta({ description: 'Make the index anew although nothing calls for it.' }),
    tenant: tenantSchema.optional().meta({ description: 'Only the collection of this tenant, which the configuration gives one of its own; it moves there where it has not. Absent: the shared one, and then each of these as far as a threshold calls for it.' }),
    takeBack: z.array(tenantSchema).max(100).optional().meta({ description: 'Tenants with a collection of their own that the shared one is to hold again; it is made anew with them.' }),
  })
  .refine(({ tenant, takeBack }) => tenant === undefined || takeBack === undefined, 'of tenant and takeBack one alone')
  .meta({ id: 'CompactionRequest' });
export type CompactionRequest = z.output<typeof compactionRequestSchema>;

export const rollbackRequestSchema = z
  .strictObject({ tenant: tenantSchema.optional().meta({ description: 'Only the alias of this tenant, which has one of its own. Absent: the shared one.' }) })
  .meta({ id: 'RollbackRequest' });

/** The workflow that goes on with it; its outcome stands in the overview's decisions. */
export const indexChangeSchema = z.object({ workflowId: z.string() }).meta({ id: 'IndexChange' });

/** Who has the index changed, and by which change: platform-wide, for no tenant. */
export interface ChangeScope {
  /** Names the change and the generation that it makes. */
  readonly changeId: string;
  readonly by: string;
}
