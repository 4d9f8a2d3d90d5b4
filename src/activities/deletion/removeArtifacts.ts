import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies, NextPage } from './dependencies.ts';
import { withPage } from './doomedPages.ts';

const objectsPerPage = 1_000;
/** What the cursor begins with once the documents are done and the tenant's remaining objects are looked at. */
const amongObjects = 'objects:';

/**
 * Erases the bytes of a page of the documents, as far as nobody else uses them. A deletion of everything then goes through all objects that
 * are left of the tenant: uploads, what failed runs left behind, outputs of earlier settings. After it the tenant's prefix is empty, but for
 * what was stored since it began and what requests accepted since then use.
 */
export async function removeArtifacts(dependencies: DeletionDependencies, scope: DeletionScope, after: string | null, context: ActivityContext): Promise<NextPage> {
  const { deletions, artifacts } = dependencies;
  const { tenant, deletionId } = scope;
  const next = after?.startsWith(amongObjects) === true ? await removeObjects(dependencies, scope, after) : await removeRanges();
  if (next === null) await deletions.reachStep(tenant, deletionId, 'registry');
  return { next };

  async function removeRanges(): Promise<string | null> {
    const page = await withPage(dependencies, scope, after, async (documents) => {
      const { erasable } = await deletions.releaseArtifacts(tenant, deletionId, documents.map(({ documentId }) => documentId));
      context.progress('released');
      await artifacts.erase(tenant, erasable);
    });
    if (page.next !== null) return page.next;
    const deletion = await deletions.find(tenant, deletionId);
    return deletion !== undefined && 'everything' in deletion.request ? amongObjects : null;
  }
}

async function removeObjects({ deletions, artifacts }: DeletionDependencies, { tenant, deletionId }: DeletionScope, after: string): Promise<string | null> {
  const cursor = after.slice(amongObjects.length);
  const { objects, next } = await artifacts.listObjects(tenant, cursor === '' ? undefined : cursor, objectsPerPage);
  await artifacts.deleteObjects(tenant, await deletions.releaseObjects(tenant, deletionId, objects));
  return next === undefined ? null : amongObjects + next;
}
