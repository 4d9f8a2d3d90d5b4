import { z } from 'zod';
import { documentRequestSchema, sourceSchema } from './documents.ts';
import { failureSchema } from './failure.ts';
import type { Failure } from './failure.ts';
import { budgetSchema, concurrencySchema, jobCancellationSchema, jobPauseSchema } from './steering.ts';

export const states = ['queued', 'running', 'partial', 'succeeded', 'failed'] as const;
export const stateSchema = z.enum(states).meta({ id: 'State' });
export type State = z.infer<typeof stateSchema>;

/** In their order. `preview` is the one stage of a dry run. */
export const stages = ['acquire', 'parse', 'chunk', 'embed', 'upsert', 'publish', 'preview'] as const;
export type Stage = (typeof stages)[number];

/** What ingestion did: `unchanged` is no work; `superseded` means a later request for the same document finished first; `previewed` is a dry run's. */
export const outcomes = ['created', 'updated', 'unchanged', 'superseded', 'previewed'] as const;
export type Outcome = (typeof outcomes)[number];

export const maximumDocumentsPerRequest = 10_000;

/** How a job is to run. */
export const jobOptionShape = {
  budget: budgetSchema.optional(),
  concurrency: concurrencySchema.optional(),
  dryRun: z.boolean().default(false).meta({ description: 'Tells what would be fetched, parsed and chunked, with token counts; nothing is written to the index, and no document is made.' }),
};

export const ingestRequestSchema = z
  .strictObject({
    ...jobOptionShape,
    documents: z.array(documentRequestSchema).min(1).max(maximumDocumentsPerRequest),
    onInvalid: z.enum(['reject', 'skip']).default('reject').meta({ description: 'reject: one invalid document refuses the request; skip: the valid ones are ingested, the invalid ones named.' }),
  })
  .meta({ id: 'IngestRequest' });
export type IngestRequest = z.infer<typeof ingestRequestSchema>;

/** Documents that join a job in work. */
export const addDocumentsRequestSchema = ingestRequestSchema.pick({ documents: true, onInvalid: true }).meta({ id: 'AddDocumentsRequest' });

export const documentHandleSchema = z
  .object({ index: z.int().min(0), documentId: z.uuid(), state: stateSchema, links: z.object({ status: z.string() }) })
  .meta({ id: 'DocumentHandle' });

export const invalidDocumentSchema = z
  .object({ index: z.int().min(0), problems: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })) })
  .meta({ id: 'InvalidDocument' });
export type InvalidDocument = z.infer<typeof invalidDocumentSchema>;

export const ingestResponseSchema = z
  .object({
    jobId: z.uuid(),
    state: stateSchema,
    documents: z.array(documentHandleSchema),
    invalid: z.array(invalidDocumentSchema),
    links: z.object({ job: z.string(), documents: z.string(), events: z.string() }),
  })
  .meta({ id: 'IngestResponse' });
export type IngestResponse = z.infer<typeof ingestResponseSchema>;

export const jobCountsSchema = z.object({
  total: z.int(), queued: z.int(), running: z.int(), partial: z.int(), succeeded: z.int(), failed: z.int(),
  unchanged: z.int(), chunks: z.int(),
  superseded: z.int().optional().meta({ description: 'Of those that succeeded: overtaken by a later request for the same document, or by its deletion, so that nothing of this one is shown.' }),
  missing: z.int().meta({ description: 'Documents deleted because a complete run of their source no longer found them.' }),
});
export type JobCounts = z.infer<typeof jobCountsSchema>;

export const jobSpendingSchema = z
  .object({ bytes: z.int(), tokens: z.int(), credits: z.number(), cost: z.number() })
  .meta({ id: 'JobSpending', description: 'Bytes acquired, tokens given to the embedding model, credits of the fetch service, and their cost by the configured prices.' });
export type JobSpending = z.infer<typeof jobSpendingSchema>;

export const jobDiscoverySchema = z
  .object({
    state: z.enum(['running', 'finished', 'failed']),
    found: z.int().meta({ description: 'Documents found so far.' }),
    pending: z.int().meta({ description: 'Addresses known and not looked at yet.' }),
    gaps: z.array(z.string()).meta({ description: 'What may be missing; none: the run saw all there is.' }),
    failure: failureSchema.nullable(),
  })
  .meta({ id: 'JobDiscovery' });
export type JobDiscovery = z.infer<typeof jobDiscoverySchema>;

export const jobSchema = z
  .object({
    id: z.uuid(),
    state: stateSchema,
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    counts: jobCountsSchema,
    failures: z.array(z.object({ code: z.string(), count: z.int(), example: z.string(), remedy: z.string() })).meta({ description: 'Failures by code, most frequent first.' }),
    workflowId: z.string(),
    dryRun: z.boolean(),
    sourceId: z.uuid().nullable().meta({ description: 'The registered source whose run this is.' }),
    discovery: jobDiscoverySchema.nullable().meta({ description: 'Of a job that finds its documents itself.' }),
    pause: jobPauseSchema.nullable(),
    cancellation: jobCancellationSchema.nullable(),
    concurrency: z.int().nullable(),
    budget: budgetSchema.nullable(),
    spent: jobSpendingSchema,
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;

/** What a dry run found out about a document. */
export const previewSchema = z
  .object({ mediaType: z.string(), title: z.string(), language: z.string().nullable(), bytes: z.int(), pages: z.int().nullable(), chunks: z.int(), tokens: z.int(), change: z.enum(['create', 'update', 'none']) })
  .meta({ id: 'Preview' });
export type Preview = z.infer<typeof previewSchema>;

export const jobDocumentSchema = z
  .object({
    index: z.int(),
    documentId: z.uuid(),
    source: sourceSchema,
    title: z.string().nullable(),
    state: stateSchema,
    stage: z.enum(stages).nullable(),
    outcome: z.enum(outcomes).nullable(),
    versionId: z.uuid().nullable(),
    chunks: z.int().nullable(),
    pages: z.int().nullable(),
    lostPages: z.array(z.int()),
    failure: failureSchema.nullable(),
    rounds: z.int().meta({ description: 'How often the document was queued: once, and once for each retry of failed documents.' }),
    parentId: z.uuid().nullable().meta({ description: 'The document it was attached to.' }),
    preview: previewSchema.nullable(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'JobDocument' });
export type JobDocument = z.infer<typeof jobDocumentSchema>;

export const jobDocumentsPageSchema = z.object({ documents: z.array(jobDocumentSchema), next: z.string().nullable() }).meta({ id: 'JobDocumentsPage' });
/** Jobs of a tenant, newest first. */
export const jobsPageSchema = z.object({ jobs: z.array(jobSchema), next: z.string().nullable() }).meta({ id: 'JobsPage' });
export type JobsPage = z.infer<typeof jobsPageSchema>;

/** Documents that joined a job in work; one that it had already keeps its place. */
export const addedDocumentsSchema = z
  .object({ documents: z.array(z.object({ index: z.int(), documentId: z.uuid() })), invalid: z.array(invalidDocumentSchema) })
  .meta({ id: 'AddedDocuments' });
export type AddedDocuments = z.infer<typeof addedDocumentsSchema>;

export const retryAnswerSchema = z.object({ documents: z.int().meta({ description: 'Documents that are queued again.' }) }).meta({ id: 'RetryAnswer' });

export type JobDocumentsPage = z.infer<typeof jobDocumentsPageSchema>;

/** Server-sent event `document`: a document changed its state. */
export const jobEventSchema = z.object({
  id: z.string(),
  type: z.enum(['document', 'job']),
  at: z.iso.datetime(),
  index: z.int().nullable(),
  documentId: z.uuid().nullable(),
  state: stateSchema,
  outcome: z.enum(outcomes).nullable(),
  failure: failureSchema.nullable(),
}).meta({ id: 'JobEvent' });
export type JobEvent = z.infer<typeof jobEventSchema>;

export function isFinal(state: State): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'partial';
}

/** How the ingestion of one document of a job ended. */
export interface DocumentResult {
  readonly index: number;
  readonly state: 'partial' | 'succeeded' | 'failed';
  readonly outcome: Outcome | null;
  readonly versionId: string | null;
  readonly chunks: number | null;
  readonly pages: number | null;
  readonly lostPages: readonly number[];
  readonly failure: Failure | null;
  readonly preview?: Preview;
}
