import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

export const deletionRequestSchema = z
  .union(
    [
      z.strictObject({ documents: z.array(z.uuid()).min(1).max(10_000) }),
      z.strictObject({ sourceId: z.uuid() }),
      z.strictObject({ everything: z.literal(true) }),
    ],
    { error: 'exactly one of "documents" (identifiers), "sourceId" and "everything": true' },
  )
  .meta({ id: 'DeletionRequest', description: 'Exactly one of: documents by id, all documents of a source, or everything of the tenant.' });
export type DeletionRequest = z.infer<typeof deletionRequestSchema>;

/** In the order of visibility: unsearchable first. */
export const deletionSteps = ['hide', 'vectors', 'artifacts', 'registry', 'verify'] as const;
export type DeletionStep = (typeof deletionSteps)[number];

const holdingsSchema = z.object({ documents: z.int(), versions: z.int(), points: z.int(), artifacts: z.int(), bytes: z.int() });
export type Holdings = z.infer<typeof holdingsSchema>;

/** What proves a deletion. Counts are of the documents to be deleted; `after` is counted anew in the stores, not computed. */
export const deletionReceiptSchema = z
  .object({
    before: holdingsSchema,
    after: holdingsSchema,
    /** Ranges of bytes that stay because another document has the very same content. */
    sharedArtifacts: z.int(),
    /** Of the deletion of a tenant: what lay in its area besides, such as what jobs that were in work had stored. */
    others: z.object({ objects: z.int(), bytes: z.int() }).optional(),
    /** Digest of the sorted lines `documentId versionId digest` of all that was removed. */
    removed: digestSchema,
    /** Digest of all other fields: a receipt that was changed does not match it. */
    digest: digestSchema,
  })
  .meta({ id: 'DeletionReceipt' });
export type DeletionReceipt = z.infer<typeof deletionReceiptSchema>;

export const deletionSchema = z
  .object({
    id: z.uuid(),
    request: deletionRequestSchema,
    state: z.enum(['queued', 'running', 'finished', 'failed']),
    step: z.enum(deletionSteps).nullable(),
    subject: z.string(),
    reason: z.string().meta({ description: 'request, missing (from its source), undo (of a job), parent (attachments of a deleted document), or restore (deleted again, since a backup brought the documents back).' }),
    documents: z.int(),
    createdAt: z.iso.datetime(),
    unsearchableAt: z.iso.datetime().nullable().meta({ description: 'From here on no search shows the documents.' }),
    finishedAt: z.iso.datetime().nullable(),
    receipt: deletionReceiptSchema.nullable(),
    workflowId: z.string(),
  })
  .meta({ id: 'Deletion' });
export type Deletion = z.infer<typeof deletionSchema>;

export const deletionsPageSchema = z.object({ deletions: z.array(deletionSchema), next: z.string().nullable() }).meta({ id: 'DeletionsPage' });
export type DeletionsPage = z.infer<typeof deletionsPageSchema>;
