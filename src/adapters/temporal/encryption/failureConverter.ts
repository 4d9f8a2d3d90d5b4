import { DefaultFailureConverter } from '@temporalio/common';

/** Loaded by the SDK by its path, in workflows too: messages and stacks of failures travel as a payload, so that the codec encrypts them. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
