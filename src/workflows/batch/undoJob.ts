import type { UndoPage } from '../../activities/job/settleJob.ts';
import type { JobScope } from '../../contracts/ingestion.ts';
import { settling } from '../activityProxies.ts';
import { executeOnce } from '../executeOnce.ts';
import { jobWorkflowId, shownAs } from '../names.ts';
import { runDeletion } from '../runDeletion.ts';
import { firstRun } from './batchInput.ts';

const documentsPerPage = 500;
/** Everything that a restored version needs was made before, so that it is found again. */
const window = 4;

/**
 * Takes back what a job made visible, page by page: its new documents are deleted, those it changed get their version before back. That is
 * done by a job of its own, whose versions are not of the undone one: undoing again changes nothing.
 */
export async function undoJob(scope: JobScope): Promise<void> {
  for (let after: number | null = -1; after !== null; ) {
    const page: UndoPage = await settling.undoPage(scope, after, documentsPerPage);
    if (page.deletion !== null) await runDeletion(page.deletion);
    if (page.restoring !== null) {
      const { tenant, jobId } = page.restoring;
      await executeOnce('ingestBatch', { workflowId: jobWorkflowId(tenant, jobId), args: [firstRun(page.restoring, window)], typedSearchAttributes: shownAs(tenant, 'undo') });
    }
    after = page.last;
  }
}
