import { readDeletions } from '../../backups/deletionJournal.ts';
import { readManifest } from '../../backups/manifests.ts';
import type { DeleteAgainRequest, DeletedAgain, JournaledDeletion } from '../../contracts/deletionJournal.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { deletionPageIdOf } from '../../contracts/identifiers.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';

export type DeleteAgainDependencies = Pick<ApiDependencies, 'deletions' | 'tenants' | 'workflowStarter' | 'outbox' | 'emit'>;

/** Of one call: each is a look into the registry. */
const pagesPerCall = 200;
/** Started at once; the relay starts all others, and these too where Temporal is away. */
const mostAtOnce = 50;

/** Throws NOT_FOUND, BACKUP_CORRUPT. */
export async function momentOf(bucket: ObjectBucket, backupId: string): Promise<string> {
  const manifest = await readManifest(bucket, backupId);
  if (manifest === undefined) throw new CatalystError('NOT_FOUND', `There is no finished backup ${backupId}.`);
  return manifest.registry.snapshotAt;
}

/**
 * Has what was deleted since the moment of a backup be deleted again, a part of it in one call. Each deletion keeps its id: one that the registry
 * knows was accepted before that moment, or is accepted again already, and is left as it is. So a call can be repeated.
 */
export async function deleteAgain(dependencies: DeleteAgainDependencies, bucket: ObjectBucket, since: string, { cursor, tenants, except }: DeleteAgainRequest, by: string): Promise<DeletedAgain> {
  const { deletions, next } = await readDeletions(bucket, since, cursor, pagesPerCall);
  const sums = { accepted: 0, documents: 0, tenants: 0, known: 0, absent: 0, left: 0 };
  const accepted: string[] = [];
  for (const deletion of deletions) {
    const isLeft = except?.includes(deletion.deletionId) === true || tenants?.includes(deletion.tenant) === false;
    const { work = [], ...more }: Done = isLeft ? { left: 1 } : deletion.endsTenant ? await endAgain(dependencies, deletion, by) : await removeAgain(dependencies, deletion, by);
    add(sums, more);
    accepted.push(...work);
  }
  await Promise.all(accepted.slice(0, mostAtOnce).map((id) => startAcceptedWork(dependencies, id)));
  return { ...sums, next };
}

type Sums = Omit<DeletedAgain, 'next'>;

/** What came of one, and the accepted work of which a workflow is to know. */
type Done = Partial<Sums> & { readonly work?: readonly string[] };

function add(sums: Sums, more: Partial<Sums>): void {
  for (const name of Object.keys(more) as (keyof Sums)[]) sums[name] += more[name] ?? 0;
}

/** Further pages of a deletion become deletions of their own. */
async function removeAgain(dependencies: DeleteAgainDependencies, { tenant, deletionId, page, documents }: JournaledDeletion, by: string): Promise<Done> {
  const id = deletionPageIdOf(deletionId, page);
  const first = page === 0 ? undefined : await dependencies.deletions.find(tenant, deletionId);
  if (first !== undefined && first.reason !== 'restore') return { known: 1 };
  const found = await dependencies.deletions.acceptAgain({ tenant, subject: by }, { id, workflowId: `deletion/${tenant}/${id}`, documents });
  if (found === undefined) return { known: 1 };
  if (found === 0) return { absent: 1 };
  return { accepted: 1, documents: found, work: [id] };
}

async function endAgain(dependencies: DeleteAgainDependencies, { tenant, deletionId }: JournaledDeletion, by: string): Promise<Done> {
  const account = await dependencies.tenants.find(tenant);
  if (account === undefined) return { absent: 1 };
  if (account.state === 'deleting' || account.state === 'deleted') return { known: 1 };
  const { jobs } = await dependencies.tenants.beginDeletion(tenant, { id: deletionId, workflowId: `deletion/${tenant}/${deletionId}` }, by);
  return { accepted: 1, tenants: 1, work: [deletionId, ...jobs] };
}
