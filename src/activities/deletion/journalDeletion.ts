import { writeDeletion } from '../../backups/deletionJournal.ts';
import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies } from './dependencies.ts';
import { forEachPage } from './doomedPages.ts';

/**
 * Names the documents beside the backups, where the names outlive the database: a backup of an earlier moment brings all of them back. Before the
 * receipt, so that whoever has one can rely on it, and after all else: what is deleted does not wait for the backup bucket. Safe to repeat.
 */
export async function journalDeletion(dependencies: Pick<DeletionDependencies, 'deletions' | 'backups'>, scope: DeletionScope, context: ActivityContext): Promise<void> {
  const { deletions, backups } = dependencies;
  const { tenant, deletionId } = scope;
  if (backups === undefined) return;
  const deletion = await deletions.find(tenant, deletionId);
  // Of one that is finished the registry may have forgotten what it was about.
  if (deletion === undefined || deletion.state === 'finished') return;
  const head = { tenant, deletionId, createdAt: deletion.createdAt };
  if (await deletions.endsTenant(tenant, deletionId)) return writeDeletion(backups.bucket, { ...head, page: 0, documents: [], endsTenant: true });
  let page = 0;
  await forEachPage({ deletions }, scope, context, async (documents) => {
    await writeDeletion(backups.bucket, { ...head, page, documents: documents.map(({ documentId }) => documentId), endsTenant: false });
    page += 1;
  });
}
