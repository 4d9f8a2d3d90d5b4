import type { DeletionReceipt } from '../../contracts/deletions.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies } from './dependencies.ts';
import { endTenant } from './endTenant.ts';
import { forEachPage } from './doomedPages.ts';
import { journalDeletion } from './journalDeletion.ts';

/**
 * Counts what is left in the index and the registry, and records the receipt. Points that an ingestion under way wrote meanwhile, superseded
 * before it began to, are removed first. Throws VERIFICATION_FAILED where something is left.
 */
export async function finishDeletion(dependencies: DeletionDependencies, scope: DeletionScope, context: ActivityContext): Promise<DeletionReceipt> {
  const { deletions, index, emit } = dependencies;
  const { tenant, deletionId } = scope;
  let points = 0;
  await forEachPage(dependencies, scope, context, async (documents) => {
    await index.deleteDocuments(tenant, documents);
    points += await index.countDocuments(tenant, documents);
  });
  await deletions.reachStep(tenant, deletionId, 'verify', { after: points });
  if (points > 0) throw new CatalystError('VERIFICATION_FAILED', `The index still holds ${points} points of the documents of the deletion ${deletionId}.`);
  await journalDeletion(dependencies, scope, context);
  if (await deletions.endsTenant(tenant, deletionId)) {
    await deletions.requireIdleTenant(tenant);
    await endTenant(dependencies, scope, context);
  }
  const receipt = await deletions.finish(tenant, deletionId);
  emit({ type: 'deletion.finished', tenant, deletionId, documents: receipt.before.documents, points: receipt.before.points, artifacts: receipt.before.artifacts, bytes: receipt.before.bytes });
  return receipt;
}
