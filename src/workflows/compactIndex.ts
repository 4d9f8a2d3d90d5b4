import { ContinueAsNew, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { ChangeScope } from '../contracts/generations.ts';
import { changing, filling } from './activityProxies.ts';
import { failureOf } from './failures.ts';
import { tellingFailure } from './tellFailure.ts';
import { tendLater } from './tendGenerations.ts';

export interface CompactIndexInput {
  readonly by: string;
  /** Although nothing calls for it; where all are looked at, the shared one alone. */
  readonly force?: boolean;
  /** Only the collection that is this tenant's own. Absent: the shared one, and after it those of all tenants that are to have one. */
  readonly tenant?: string;
  /** Tenants that the shared one is to hold again, and nothing else is looked at. */
  readonly takeBack?: readonly string[];
  /** Where a run was continued: what it had not done yet; null: the shared one. */
  readonly left?: readonly (string | null)[];
}

/**
 * Makes collections anew where too much of them is dead weight: a second generation beside the one that serves, of stored artifacts alone, which
 * follows every change until it takes over. One that is found wanting never serves. Where a run was cut off, the next one goes on with its generation.
 */
export async function compactIndex(input: CompactIndexInput): Promise<void> {
  const scope: ChangeScope = { changeId: workflowInfo().firstExecutionRunId, by: input.by };
  const left = [...(input.left ?? [input.tenant ?? null])];
  const looksAtAll = input.left === undefined && input.tenant === undefined && input.takeBack === undefined;
  const failures: unknown[] = [];
  for (let tenant = left[0]; tenant !== undefined; left.shift(), tenant = left[0]) {
    const { generation, dedicated = [] } = await plan(scope, input, tenant);
    // Absent in histories of before there were any.
    if (tenant === null && looksAtAll) left.push(...dedicated);
    try {
      if (generation !== null) await replaceBy(generation, scope, { ...input, left });
    } catch (thrown) {
      if (isCancellation(thrown) || thrown instanceof ContinueAsNew) throw thrown;
      await changing.abandonGeneration(scope, generation as string, failureOf(thrown));
      failures.push(thrown);
    }
  }
  await tendLater();
  if (failures.length > 0) throw failures[0];
}

function plan(scope: ChangeScope, { force, tenant: named, takeBack = [] }: CompactIndexInput, tenant: string | null) {
  const isForced = force === true && (tenant === null || tenant === named);
  return tellingFailure(scope, 'compaction', tenant, () => changing.planCompaction(scope, isForced, tenant, tenant === null ? takeBack : []));
}

async function replaceBy(generation: string, scope: ChangeScope, rest: CompactIndexInput): Promise<void> {
  await changing.openGeneration(generation);
  while (!(await filling.fillGeneration(generation)).filled) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof compactIndex>(rest);
  }
  await filling.verifyGeneration(generation);
  await changing.switchGeneration(scope, 'compaction', generation);
}
