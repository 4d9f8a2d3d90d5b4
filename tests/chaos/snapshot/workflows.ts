import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Findings } from './snapshot.ts';

/** What a list of workflows shows follows their end by some seconds. */
const looks = 20;

/** Workflows of ingestion that still run though their job has ended. */
export async function inspectWorkflows(environment: Readonly<Record<string, string>>): Promise<Findings> {
  const connection = await Connection.connect({ address: environment['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection, namespace: environment['TEMPORAL_NAMESPACE'] ?? 'default' });
  try {
    for (let look = 1; ; look += 1) {
      const running: string[] = [];
      for await (const workflow of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) if (workflow.type.startsWith('ingest')) running.push(workflow.workflowId);
      if (running.length === 0 || look === looks) return { facts: new Map(), violations: running.map((workflowId) => `workflow ${workflowId} still runs`) };
      await sleep(500);
    }
  } finally {
    await connection.close();
  }
}
