import { workflowInfo } from '@temporalio/workflow';
import type { ChangeScope } from '../contracts/generations.ts';
import { changing } from './activityProxies.ts';
import { tendLater } from './tendGenerations.ts';

export interface RollBackIndexInput {
  readonly by: string;
}

/** Has the generation that served before serve again. It was kept complete, so that no write is lost by it; the way forward stays open in the same way. */
export async function rollBackIndex({ by }: RollBackIndexInput): Promise<void> {
  const scope: ChangeScope = { changeId: workflowInfo().runId, by };
  const { generation } = await changing.planRollback();
  await changing.switchGeneration(scope, 'rollback', generation);
  await tendLater();
}
