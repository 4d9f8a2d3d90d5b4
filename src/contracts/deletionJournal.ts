import { z } from 'zod';
import { tenantSchema } from './identifiers.ts';

/**
 * What was deleted, as it is kept beside the backups, where it outlives the database: ids and names of tenants, nothing of what documents held. Of
 * a deletion of many documents there are several, page by page.
 */
export const journaledDeletionSchema = z
  .object({
    tenant: tenantSchema,
    deletionId: z.uuid(),
    createdAt: z.iso.datetime(),
    page: z.int(),
    /** Those that were found and removed, whatever the deletion was asked by. */
    documents: z.array(z.uuid()),
    endsTenant: z.boolean().meta({ description: 'The tenant itself was deleted, with all that it had.' }),
  })
  .meta({ id: 'JournaledDeletion' });
export type JournaledDeletion = z.infer<typeof journaledDeletionSchema>;

/** Key of the last one of a page. */
export const journalCursorSchema = z.string().regex(/^deletions\/\d{8}T\d{6}Z-[0-9a-f-]{36}\/\d{6}\.json$/, 'the `next` of the page before');

export const journalPageSchema = z.object({ deletions: z.array(journaledDeletionSchema).meta({ description: 'Oldest first.' }), next: z.string().nullable() }).meta({ id: 'DeletionJournalPage' });

export const deleteAgainRequestSchema = z
  .strictObject({
    cursor: journalCursorSchema.optional().meta({ description: 'The `next` of the call before: one call takes some of them.' }),
    tenants: z.array(tenantSchema).min(1).max(1_000).optional().meta({ description: 'Only what was deleted of these.' }),
    except: z.array(z.uuid()).max(1_000).default([]).meta({ description: 'Deletions that are to stay undone, such as one by mistake.' }),
  })
  .meta({ id: 'DeleteAgainRequest' });
export type DeleteAgainRequest = z.input<typeof deleteAgainRequestSchema>;

/** What a call, or all of them together, came to. */
export const deletedAgainSchema = z
  .object({
    accepted: z.int().meta({ description: 'Deletions, or pages of long ones, that are carried out again; each goes on durably under its own id.' }),
    documents: z.int().meta({ description: 'Documents of these that are here.' }),
    tenants: z.int().meta({ description: 'Tenants that are deleted again.' }),
    known: z.int().meta({ description: 'Of these the registry knows already: accepted before the backup, or again since.' }),
    absent: z.int().meta({ description: 'Of these nothing is here: all that they deleted came after the backup.' }),
    left: z.int().meta({ description: 'Left alone, as was asked for.' }),
    next: z.string().nullable().meta({ description: 'Where the next call goes on; null: all are done.' }),
  })
  .meta({ id: 'DeletedAgain' });
export type DeletedAgain = z.infer<typeof deletedAgainSchema>;
