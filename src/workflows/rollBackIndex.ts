import { workflowInfo } from '@temporalio/workflow';
import type { ChangeScope } from '../contracts/generations.ts';
import { changing } from './activityProxies.ts';
import { tellingFailure } from './tellFailure.ts';
import { tendLater } from './tendGenerations.ts';

export interface RollBackIndexInput {
  readonly by: string;
  /** Whose own collection; absent: the shared one. */
  readonly tenant?: string;
}

/** Has the generation that served before serve again. It was kept complete, so that no write is lost by it; the way forward stays open in the same way. */
export async function rollBackIndex({ by, tenant }: RollBackIndexInput): Promise<void> {
  const scope: ChangeScope = { changeId: workflowInfo().runId, by };
  await tellingFailure(scope, 'rollback', tenant ?? null, async () => {
    const { generation } = await changing.planRollback(scope, tenant ?? null);
    await changing.switchGeneration(scope, 'rollback', generation, tenant ?? null);
  });
  await tendLater();
}
