import { isCancellation } from '@temporalio/workflow';
import type { ChangeScope, IndexChangeKind } from '../contracts/generations.ts';
import { changing } from './activityProxies.ts';
import { failureOf } from './failures.ts';

/** Where the work comes to nothing, that is told as a decision, for whoever waits for one. Throws what the work throws. */
export async function tellingFailure<Result>(scope: ChangeScope, kind: IndexChangeKind, tenant: string | null, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (!isCancellation(thrown)) await changing.failChange(scope, kind, tenant, failureOf(thrown));
    throw thrown;
  }
}
