import { z } from 'zod';
import { documentRequestSchema, sourceSchema } from './documents.ts';
import { failureSchema } from './failure.ts';
import type { Failure } from './failure.ts';

export const states = ['queued', 'running', 'partial', 'succeeded', 'failed'] as const;
export const stateSchema = z.enum(states).meta({ id: 'State' });
export type State = z.infer<typeof stateSchema>;

export const stages = ['acquire', 'parse', 'chunk', 'embed', 'upsert', 'publish'] as const;
export type Stage = (typeof stages)[number];

/** What ingestion did: `unchanged` is no work; `superseded` means a later request for the same document finished first. */
export const outcomes = ['created', 'updated', 'unchanged', 'superseded'] as const;
export type Outcome = (typeof outcomes)[number];

export const maximumDocumentsPerRequest = 10_000;

export const ingestRequestSchema = z
  .strictObject({
    documents: z.array(documentRequestSchema).min(1).max(maximumDocumentsPerRequest),
    onInvalid: z.enum(['reject', 'skip']).default('reject').meta({ description: 'reject: one invalid document refuses the request; skip: the valid ones are ingested, the invalid ones named.' }),
  })
  .meta({ id: 'IngestRequest' });
export type IngestRequest = z.infer<typeof ingestRequestSchema>;

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
});
export type JobCounts = z.infer<typeof jobCountsSchema>;

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
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;

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
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'JobDocument' });
export type JobDocument = z.infer<typeof jobDocumentSchema>;

export const jobDocumentsPageSchema = z.object({ documents: z.array(jobDocumentSchema), next: z.string().nullable() }).meta({ id: 'JobDocumentsPage' });
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
}
