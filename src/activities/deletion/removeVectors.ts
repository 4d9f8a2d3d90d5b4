import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { DeletionDependencies, NextPage } from './dependencies.ts';
import { withPage } from './doomedPages.ts';
import { otherGenerations } from './otherGenerations.ts';

/**
 * Removes the points of a page of the documents, from generations that do not serve too: one whose change was stopped follows nothing until it
 * goes on. What a generation is filled with at this moment it hears of as of every change.
 */
export async function removeVectors(dependencies: DeletionDependencies, scope: DeletionScope, after: string | null): Promise<NextPage> {
  const page = await withPage(dependencies, scope, after, async (documents) => {
    await dependencies.index.deleteDocuments(scope.tenant, documents);
    for (const generation of await otherGenerations(dependencies, scope.tenant)) await dependencies.generationIndex.removeDocuments(generation, scope.tenant, documents);
  });
  if (page.next === null) await dependencies.deletions.reachStep(scope.tenant, scope.deletionId, 'artifacts');
  return page;
}
