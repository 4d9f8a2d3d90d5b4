import { defineSignal } from '@temporalio/workflow';

/** To a batch: what the registry says of the job was changed, or there is news of its source; one too many does no harm. */
export const changedSignal = defineSignal('changed');
/** To a batch, with the workflow id of a unit: it waits until the job goes on. */
export const restingSignal = defineSignal<[workflowId: string]>('resting');
/** To a unit: the job goes on. */
export const goOnSignal = defineSignal('goOn');
/** To a unit: that job was cancelled; a unit of another job does not mind. */
export const stopSignal = defineSignal<[jobId: string]>('stop');
