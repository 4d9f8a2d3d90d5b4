import type { DeletionScope } from '../contracts/ingestion.ts';
import { executeOnce } from './executeOnce.ts';
import { deletionWorkflowId, shownAs } from './names.ts';

/** Carries an accepted deletion out, and waits for its end. */
export async function runDeletion(scope: DeletionScope): Promise<void> {
  await executeOnce('deleteDocuments', { workflowId: deletionWorkflowId(scope.tenant, scope.deletionId), args: [{ scope }], typedSearchAttributes: shownAs(scope.tenant, 'deletion') });
}
