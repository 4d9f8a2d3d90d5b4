import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { DeletionDependencies } from './dependencies.ts';

/** Fixes which documents go: from here on no request accepted before brings them back. One that is finished already needs no step more. */
export async function beginDeletion({ deletions }: Pick<DeletionDependencies, 'deletions'>, { tenant, deletionId }: DeletionScope): Promise<{ readonly documents: number; readonly finished: boolean }> {
  const { documents } = await deletions.begin(tenant, deletionId);
  const deletion = await deletions.find(tenant, deletionId);
  return { documents, finished: deletion?.state === 'finished' };
}
