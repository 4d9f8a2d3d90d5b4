import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startTestStack } from '../../infra/local/testStack.ts';
import type { Activities } from '../../src/activities/createActivities.ts';
import { createPrincipalInterceptor } from '../../src/activities/principal/principalInterceptor.ts';
import { allNamespaces, clientsOver, namespaceOf } from '../../src/adapters/temporal/connection.ts';
import type { TemporalClients, TenantNamespaces } from '../../src/adapters/temporal/connection.ts';
import { createTemporalSecurity } from '../../src/adapters/temporal/temporalSecurity.ts';
import type { TemporalSecurity } from '../../src/adapters/temporal/temporalSecurity.ts';
import type { DomainEvent } from '../../src/contracts/events.ts';
import { principalHeader, taskQueues } from '../../src/workflows/names.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

export const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));

export const workflowInterceptorModules = [fileURLToPath(new URL('../../src/workflows/principalInterceptors.ts', import.meta.url))];

/** Keys of a test's own. */
export const someKeys = (id: string) => [{ id, key: new Uint8Array(randomBytes(32)) }] as const;

export interface WorkerOptions {
  readonly security?: TemporalSecurity;
  /** Whether activities are refused without a principal; they are not where tests start workflows by hand. */
  readonly acceptsUnsigned?: boolean;
  readonly namespaces?: TenantNamespaces;
  readonly onEvent?: (event: DomainEvent) => void;
}

export interface TestTemporal {
  readonly address: string;
  readonly connection: Connection;
  readonly client: Client;
  /** As the product has them, by keys of the test. */
  readonly clients: TemporalClients;
  readonly security: TemporalSecurity;
  /** Runs the product's workflows with these activities for as long as the work takes. */
  withWorkers<Result>(activities: Activities, work: () => Promise<Result>, options?: WorkerOptions): Promise<Result>;
  close(): Promise<void>;
}

const bundles = new Map<string | undefined, ReturnType<typeof bundleWorkflowCode>>();

/** Made once in a test file. */
function bundleOf(failureConverterPath: string | undefined): ReturnType<typeof bundleWorkflowCode> {
  const bundle = bundles.get(failureConverterPath) ?? bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger: new DefaultLogger('ERROR'), ...(failureConverterPath === undefined ? {} : { failureConverterPath }) });
  bundles.set(failureConverterPath, bundle);
  return bundle;
}

/** A Temporal server of the test's own. */
export async function startTestTemporal(): Promise<TestTemporal> {
  const stack = await startTestStack({ services: ['temporal'] });
  const address = stack.environment['TEMPORAL_ADDRESS'] ?? '';
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const security = createTemporalSecurity({ principals: { keys: someKeys('test'), acceptUnsigned: false }, payloads: { encrypt: false, keys: [] } });
  const common = { common: 'default', own: {} };
  return {
    address,
    connection,
    client: new Client({ connection }),
    clients: clientsOver(connection, { namespaces: common, ...security }),
    security,
    async withWorkers(activities, work, { security: own = security, acceptsUnsigned = true, namespaces = common, onEvent = () => undefined } = {}) {
      const { dataConverter, signatures } = own;
      const workflowBundle = await bundleOf(dataConverter.failureConverterPath);
      const proof = createPrincipalInterceptor({ header: principalHeader, signatures, acceptsUnsigned, namespaces: { common: namespaces.common, of: (tenant) => namespaceOf(namespaces, tenant) }, emit: onEvent });
      const shared = { connection: native, dataConverter, interceptors: { activity: [proof] } };
      const workers = await Promise.all(
        allNamespaces(namespaces).flatMap((namespace) => [
          Worker.create({ ...shared, namespace, taskQueue: taskQueues.ingest, workflowBundle, activities }),
          Worker.create({ ...shared, namespace, taskQueue: taskQueues.embed, activities: { embedDocuments: activities.embedDocuments } }),
        ]),
      );
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
