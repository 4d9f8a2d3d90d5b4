import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { continueAsNew, ParentClosePolicy, sleep, startChild, workflowInfo } from '@temporalio/workflow';
import { changing } from './activityProxies.ts';
import { allTenants, indexTendingWorkflowId, shownAs } from './names.ts';

/** Keeps generations that served before complete, so that there is a way back, and drops them when their time is over. Ends when none is left. */
export async function tendGenerations(): Promise<void> {
  while ((await changing.tendGenerations()).left > 0) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof tendGenerations>();
    await sleep('1m');
  }
}

/** Sees to it that somebody tends them, and does not wait. */
export async function tendLater(): Promise<void> {
  try {
    await startChild('tendGenerations', { workflowId: indexTendingWorkflowId, parentClosePolicy: ParentClosePolicy.ABANDON, typedSearchAttributes: shownAs(allTenants, 'index') });
  } catch (thrown) {
    if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
  }
}
