import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../src/activities/createActivities.ts';
import type { ActivityDependencies } from '../src/activities/dependencies.ts';
import type { Config } from '../src/config/config.ts';
import { taskQueues } from '../src/workflows/names.ts';

/** Light steps mostly wait for servers; parsing is bounded by its own threads. */
const concurrentSteps = 24;
/**
 * More than the window of a job, so that one that fills its window leaves room for others: whose turn at the model it is
 * is decided call by call (src/activities/turns/fairTurns.ts), not when a whole slice is done.
 */
const concurrentEmbeddings = 16;
const shutdownGraceTime = '10s';

/** The two Temporal workers of a process: workflows with the light steps, and the model's queue. */
export async function createWorkers(config: Config, connection: NativeConnection, dependencies: ActivityDependencies): Promise<Worker[]> {
  const activities = createActivities(dependencies);
  const { namespace } = config.temporal;
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url)) });
  const common = { connection, namespace, shutdownGraceTime } as const;
  return Promise.all([
    Worker.create({ ...common, taskQueue: taskQueues.ingest, workflowBundle, activities, maxConcurrentActivityTaskExecutions: concurrentSteps }),
    Worker.create({ ...common, taskQueue: taskQueues.embed, activities: { embedDocuments: activities.embedDocuments }, maxConcurrentActivityTaskExecutions: concurrentEmbeddings }),
  ]);
}
