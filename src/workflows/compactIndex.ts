import { ContinueAsNew, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { ChangeScope } from '../contracts/generations.ts';
import { changing, filling } from './activityProxies.ts';
import { failureOf } from './failures.ts';
import { tendLater } from './tendGenerations.ts';

export interface CompactIndexInput {
  readonly by: string;
  /** Although nothing calls for it. */
  readonly force?: boolean;
}

/**
 * Makes the index anew where too much of it is dead weight: a second generation beside the one that serves, of stored artifacts alone, which
 * follows every change until it takes over. One that is found wanting never serves. Where a run was cut off, the next one goes on with its generation.
 */
export async function compactIndex(input: CompactIndexInput): Promise<void> {
  const scope: ChangeScope = { changeId: workflowInfo().firstExecutionRunId, by: input.by };
  const { generation } = await changing.planCompaction(scope, input.force === true);
  if (generation !== null) await replaceBy(generation, scope, input);
  await tendLater();
}

async function replaceBy(generation: string, scope: ChangeScope, input: CompactIndexInput): Promise<void> {
  try {
    await changing.openGeneration(generation);
    while (!(await filling.fillGeneration(generation)).filled) {
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof compactIndex>(input);
    }
    await filling.verifyGeneration(generation);
    await changing.switchGeneration(scope, 'compaction', generation);
  } catch (thrown) {
    if (isCancellation(thrown) || thrown instanceof ContinueAsNew) throw thrown;
    await changing.abandonGeneration(scope, generation, failureOf(thrown));
    await tendLater();
    throw thrown;
  }
}
