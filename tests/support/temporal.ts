import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startTestStack } from '../../infra/local/testStack.ts';
import type { Activities } from '../../src/activities/createActivities.ts';
import { taskQueues } from '../../src/workflows/names.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

export const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));

export interface TestTemporal {
  readonly client: Client;
  /** Runs the product's workflows with these activities for as long as the work takes. */
  withWorkers<Result>(activities: Activities, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A Temporal server of the test's own. */
export async function startTestTemporal(): Promise<TestTemporal> {
  const stack = await startTestStack({ services: ['temporal'] });
  const address = stack.environment['TEMPORAL_ADDRESS'] ?? '';
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return {
    client: new Client({ connection }),
    async withWorkers(activities, work) {
      const workers = await Promise.all([
        Worker.create({ connection: native, taskQueue: taskQueues.ingest, workflowBundle, activities }),
        Worker.create({ connection: native, taskQueue: taskQueues.embed, activities: { embedDocuments: activities.embedDocuments } }),
      ]);
      const running = Promise.all(workers.map((worker) => worker.run()));
      try {
        return await work();
      } finally {
        for (const worker of workers) worker.shutdown();
        await running;
      }
    },
    async close() {
      await connection.close();
      await native.close();
      await stack.stop();
    },
  };
}
