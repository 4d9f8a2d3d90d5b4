import { ContinueAsNew, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { ChangeScope, ReindexTrial } from '../contracts/generations.ts';
import { changing, filling, judging } from './activityProxies.ts';
import { failureOf } from './failures.ts';
import { tellingFailure } from './tellFailure.ts';
import { tendLater } from './tendGenerations.ts';

export interface ReindexIndexInput {
  readonly by: string;
  /** What it may cost; absent: it is only estimated. */
  readonly maximumTokens?: number;
  /** Whose own collection; absent: the shared one. */
  readonly tenant?: string;
  /** To the other chunker rather than to the other model. */
  readonly recut?: boolean;
  /** What was stopped is dropped, and nothing begun. */
  readonly giveUp?: boolean;
  readonly trial: ReindexTrial;
  /** Of the run that began it, where this one goes on. */
  readonly changeId?: string;
}

/**
 * Changes the index to another embedding model or chunker, while searches and writes go on: a second generation is filled by it, follows every
 * change, is compared with the registry, and judged by searches in both; it serves only if it passes. Stopped for its costs or its quality it
 * stays, and goes on when it is asked for again.
 */
export async function reindexIndex(input: ReindexIndexInput): Promise<void> {
  const scope: ChangeScope = { changeId: input.changeId ?? workflowInfo().firstExecutionRunId, by: input.by };
  const tenant = input.tenant ?? null;
  const { generation } = await tellingFailure(scope, 'reindex', tenant, () => changing.planReindex(scope, input.maximumTokens, tenant, input.recut ?? false, input.giveUp ?? false));
  if (generation !== null) await replaceBy(generation, scope, input);
  await tendLater();
}

async function replaceBy(generation: string, scope: ChangeScope, input: ReindexIndexInput): Promise<void> {
  try {
    await changing.openGeneration(generation);
    while (!(await filling.fillGeneration(generation)).filled) {
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof reindexIndex>({ ...input, changeId: scope.changeId });
    }
    await filling.verifyGeneration(generation);
    const { passed } = await judging.judgeGeneration(scope, generation, input.trial);
    if (passed) await changing.switchGeneration(scope, 'reindex', generation);
  } catch (thrown) {
    if (isCancellation(thrown) || thrown instanceof ContinueAsNew) throw thrown;
    const failure = failureOf(thrown);
    if (failure.code === 'REINDEX_BUDGET_EXHAUSTED') {
      await changing.stopReindex(scope, generation, failure);
      return;
    }
    await changing.abandonGeneration(scope, generation, failure, 'reindex');
    await tendLater();
    throw thrown;
  }
}
