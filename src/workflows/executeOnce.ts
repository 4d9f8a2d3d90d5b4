import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy, sleep } from '@temporalio/workflow';
import type { ChildWorkflowOptions } from '@temporalio/workflow';

const firstWaitSeconds = 1;
const longestWaitSeconds = 30;

/**
 * Runs accepted work to its end. The outbox may have started it already: then it is waited for, and started once more, which finds
 * nothing left to do.
 */
export async function executeOnce(workflowType: string, options: Pick<ChildWorkflowOptions, 'workflowId' | 'typedSearchAttributes' | 'priority'> & { readonly args: unknown[] }): Promise<void> {
  for (let waitSeconds = firstWaitSeconds; ; waitSeconds = Math.min(waitSeconds * 2, longestWaitSeconds)) {
    try {
      await executeChild(workflowType, { ...options, parentClosePolicy: ParentClosePolicy.ABANDON });
      return;
    } catch (thrown) {
      if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
    }
    await sleep(waitSeconds * 1000);
  }
}
