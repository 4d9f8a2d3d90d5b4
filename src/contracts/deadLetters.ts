import { z } from 'zod';
import { sourceSchema } from './documents.ts';
import { errorTable } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import { failureSchema } from './failure.ts';
import { stages } from './jobs.ts';
import { versionArtifactSchema } from './library.ts';

const codeSchema = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]);

/** A document that failed for good and that no later request has brought in: parked until someone replays or dismisses it. */
export const deadLetterSchema = z
  .object({
    jobId: z.uuid(),
    index: z.int(),
    documentId: z.uuid(),
    source: sourceSchema,
    sourceId: z.uuid().nullable(),
    stage: z.enum(stages).nullable(),
    failure: failureSchema,
    rounds: z.int(),
    failedAt: z.iso.datetime(),
    artifacts: z.array(versionArtifactSchema).meta({ description: 'What the stages before the failure had made.' }),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export const deadLettersPageSchema = z.object({ deadLetters: z.array(deadLetterSchema), next: z.string().nullable() }).meta({ id: 'DeadLettersPage' });
export type DeadLettersPage = z.infer<typeof deadLettersPageSchema>;

/** Failures of one kind as one line: messages that differ only in names and numbers are one kind. */
export const deadLetterGroupSchema = z
  .object({ code: codeSchema, pattern: z.string(), count: z.int(), jobs: z.int(), example: z.string(), remedy: z.string(), firstAt: z.iso.datetime(), lastAt: z.iso.datetime() })
  .meta({ id: 'DeadLetterGroup' });
export const deadLetterSummarySchema = z.object({ total: z.int(), groups: z.array(deadLetterGroupSchema) }).meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof deadLetterSummarySchema>;

/** All dead letters when empty. */
export const deadLetterSelectionSchema = z
  .strictObject({
    codes: z.array(codeSchema).min(1).max(50).optional(),
    jobId: z.uuid().optional(),
    documents: z.array(z.strictObject({ jobId: z.uuid(), index: z.int32().min(0) })).min(1).max(10_000).optional(),
  })
  .meta({ id: 'DeadLetterSelection', description: 'All dead letters when empty; conditions given together must all hold.' });
export type DeadLetterSelection = z.infer<typeof deadLetterSelectionSchema>;

export const replayAnswerSchema = z.object({ documents: z.int(), jobs: z.array(z.uuid()) }).meta({ id: 'ReplayAnswer' });
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>;
