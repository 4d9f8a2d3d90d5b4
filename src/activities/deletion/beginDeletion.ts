import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { DeletionDependencies } from './dependencies.ts';

/** Fixes which documents go: from here on no request accepted before brings them back. */
export async function beginDeletion({ deletions }: Pick<DeletionDependencies, 'deletions'>, { tenant, deletionId }: DeletionScope): Promise<{ readonly documents: number }> {
  const { documents } = await deletions.begin(tenant, deletionId);
  return { documents };
}
