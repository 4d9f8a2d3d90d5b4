import { setTimeout } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { FullStack } from '../../support/fullStack.ts';

export interface WorkflowHistories {
  readonly runs: number;
  readonly mostEvents: number;
  readonly events: number;
  readonly mostBytes: number;
}

const lookEveryMs = 500;
const looks = 60;

/** Histories of a tenant's workflows by their type. What Temporal lists lags behind what it does, so it is asked until nothing runs. */
export async function measureHistories(stack: FullStack, tenant: string): Promise<Record<string, WorkflowHistories>> {
  const connection = await Connection.connect({ address: stack.environment['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection, namespace: 'default' });
  try {
    const query = `CatalystTenant = '${tenant}'`;
    for (let look = 0; look < looks; look += 1) {
      const { count } = await client.workflow.count(`${query} and ExecutionStatus = 'Running'`);
      if (count === 0) break;
      await setTimeout(lookEveryMs);
    }
    const byType: Record<string, WorkflowHistories> = {};
    for await (const { type, historyLength, historySize = 0 } of client.workflow.list({ query, pageSize: 1_000 })) {
      const before = byType[type] ?? { runs: 0, mostEvents: 0, events: 0, mostBytes: 0 };
      byType[type] = { runs: before.runs + 1, mostEvents: Math.max(before.mostEvents, historyLength), events: before.events + historyLength, mostBytes: Math.max(before.mostBytes, historySize) };
    }
    return byType;
  } finally {
    await connection.close();
  }
}
