import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { DeletionDependencies, NextPage } from './dependencies.ts';
import { withPage } from './doomedPages.ts';

/** Removes what the registry holds of a page of the documents. */
export async function removeRecords(dependencies: Pick<DeletionDependencies, 'deletions'>, scope: DeletionScope, after: string | null): Promise<NextPage> {
  const { deletions } = dependencies;
  const page = await withPage(dependencies, scope, after, (documents) => deletions.removeRecords(scope.tenant, scope.deletionId, documents.map(({ documentId }) => documentId)));
  if (page.next === null) await deletions.reachStep(scope.tenant, scope.deletionId, 'verify');
  return page;
}
