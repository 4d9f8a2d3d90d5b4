import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies, NextPage } from './dependencies.ts';
import { forEachPage, withPage } from './doomedPages.ts';

/** Takes a page of the documents out of search; after the last one counts the points that are to go, while all of them are still there. */
export async function hideDocuments(dependencies: DeletionDependencies, scope: DeletionScope, after: string | null, context: ActivityContext): Promise<NextPage> {
  const { deletions, index } = dependencies;
  const page = await withPage(dependencies, scope, after, (documents) => index.hideDocuments(scope.tenant, documents));
  if (page.next === null) {
    let points = 0;
    await forEachPage(dependencies, scope, context, async (documents) => {
      points += await index.countDocuments(scope.tenant, documents);
    });
    await deletions.reachStep(scope.tenant, scope.deletionId, 'vectors', { before: points });
  }
  return page;
}
