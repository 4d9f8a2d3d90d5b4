import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { DoomedDocument } from '../../ports/deletionRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import { documentsPerPage } from './dependencies.ts';
import type { DeletionDependencies, NextPage } from './dependencies.ts';

type PagingDependencies = Pick<DeletionDependencies, 'deletions'>;

/** One page of a step; `after` is the last document of the page before. */
export async function withPage({ deletions }: PagingDependencies, { tenant, deletionId }: DeletionScope, after: string | null, step: (documents: readonly DoomedDocument[]) => Promise<void>): Promise<NextPage> {
  const documents = await deletions.listDoomed(tenant, deletionId, after ?? undefined, documentsPerPage);
  if (documents.length > 0) await step(documents);
  return { next: documents.length === documentsPerPage ? (documents.at(-1)?.documentId ?? null) : null };
}

/** All pages in one call, for what is counted as a whole. */
export async function forEachPage(dependencies: PagingDependencies, scope: DeletionScope, context: ActivityContext, step: (documents: readonly DoomedDocument[]) => Promise<void>): Promise<void> {
  let after: string | null = null;
  do {
    ({ next: after } = await withPage(dependencies, scope, after, step));
    context.progress(after);
  } while (after !== null);
}
