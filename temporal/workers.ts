import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../src/activities/createActivities.ts';
import type { ActivityDependencies } from '../src/activities/dependencies.ts';
import { createPrincipalInterceptor } from '../src/activities/principal/principalInterceptor.ts';
import { allNamespaces } from '../src/adapters/temporal/connection.ts';
import type { TemporalSecurity } from '../src/adapters/temporal/temporalSecurity.ts';
import type { Config } from '../src/config/config.ts';
import { principalHeader, taskQueues } from '../src/workflows/names.ts';

/** Light steps mostly wait for servers; parsing is bounded by its own threads. */
const concurrentSteps = 24;
/**
 * More than the window of a job, so that one that fills its window leaves room for others: whose turn at the model it is
 * is decided call by call (src/activities/turns/fairTurns.ts), not when a whole slice is done.
 */
const concurrentEmbeddings = 16;
const shutdownGraceTime = '10s' as const;

const workflowsPath = fileURLToPath(new URL('../src/workflows/index.ts', import.meta.url));
const workflowInterceptorModules = [fileURLToPath(new URL('../src/workflows/principalInterceptors.ts', import.meta.url))];

/** The Temporal workers of a process, two for each namespace: workflows with the light steps, and the model's queue. */
export async function createWorkers(config: Config, connection: NativeConnection, dependencies: ActivityDependencies, { signatures, dataConverter }: TemporalSecurity): Promise<Worker[]> {
  const activities = createActivities(dependencies);
  const { failureConverterPath } = dataConverter;
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, ...(failureConverterPath === undefined ? {} : { failureConverterPath }) });
  const { namespaces } = config.temporal;
  const proof = createPrincipalInterceptor({ header: principalHeader, signatures, acceptsUnsigned: config.principals.acceptUnsigned, namespaces: { common: namespaces.common, of: dependencies.namespaceOf }, emit: dependencies.emit });
  const common = { connection, dataConverter, shutdownGraceTime, interceptors: { activity: [proof] } };
  return Promise.all(
    allNamespaces(namespaces).flatMap((namespace) => [
      Worker.create({ ...common, namespace, taskQueue: taskQueues.ingest, workflowBundle, activities, maxConcurrentActivityTaskExecutions: concurrentSteps }),
      Worker.create({ ...common, namespace, taskQueue: taskQueues.embed, activities: { embedDocuments: activities.embedDocuments }, maxConcurrentActivityTaskExecutions: concurrentEmbeddings }),
    ]),
  );
}
