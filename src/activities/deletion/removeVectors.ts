import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { DeletionDependencies, NextPage } from './dependencies.ts';
import { withPage } from './doomedPages.ts';

/** Removes the points of a page of the documents. */
export async function removeVectors(dependencies: DeletionDependencies, scope: DeletionScope, after: string | null): Promise<NextPage> {
  const page = await withPage(dependencies, scope, after, (documents) => dependencies.index.deleteDocuments(scope.tenant, documents));
  if (page.next === null) await dependencies.deletions.reachStep(scope.tenant, scope.deletionId, 'artifacts');
  return page;
}
