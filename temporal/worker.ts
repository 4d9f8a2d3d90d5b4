import { NativeConnection } from '@temporalio/worker';
import { createConfiguredModels } from '../src/adapters/embedding/configuredModels.ts';
import { openDatabase } from '../src/adapters/postgres/database.ts';
import { createPostgresHealthCheck } from '../src/adapters/postgres/health.ts';
import { createQdrantIndex } from '../src/adapters/qdrant/qdrantIndex.ts';
import { createS3ArtifactStore } from '../src/adapters/s3/s3ArtifactStore.ts';
import { allNamespaces, createTemporalClients, translateTemporalError } from '../src/adapters/temporal/connection.ts';
import { createTemporalHealthCheck } from '../src/adapters/temporal/health.ts';
import { createPlatformSchedules } from '../src/adapters/temporal/platformSchedules.ts';
import { ensureSearchAttributes } from '../src/adapters/temporal/searchAttributes.ts';
import { createSourceSchedules } from '../src/adapters/temporal/sourceSchedules.ts';
import { createTemporalSecurity } from '../src/adapters/temporal/temporalSecurity.ts';
import type { Config } from '../src/config/config.ts';
import { createObserver } from '../src/observability/observer.ts';
import { createReadinessMonitor } from '../src/observability/readinessMonitor.ts';
import { loadConfigOrExit } from '../src/startup/loadConfigOrExit.ts';
import { prepareDependencies } from '../src/startup/prepareDependencies.ts';
import { runService } from '../src/startup/runService.ts';
import type { Service } from '../src/startup/runService.ts';
import { createActivityParts } from './activityDependencies.ts';
import { qdrantOptions } from './qdrantOptions.ts';
import { installTemporalRuntime } from './logging.ts';
import { declaredSchedules } from './schedules.ts';
import { tellLastBackup } from './tellLastBackup.ts';
import { signSourceSchedules } from './signSourceSchedules.ts';
import { startStatusServer } from './statusServer.ts';
import { createWorkers } from './workers.ts';

/** Composition root of the worker: the place that names its adapters. */
const config = loadConfigOrExit();
const observer = createObserver('worker', config.logLevel);
installTemporalRuntime(observer.logger);
await runService('worker', observer.logger, observer.emit, () => startWorker(config));

async function startWorker(config: Config): Promise<Service> {
  const { emit } = observer;
  const models = await createConfiguredModels(config, { givesWay: true });
  const [{ contract }, ...otherModels] = models.all;
  const database = openDatabase({ url: config.database.url, poolSize: config.database.poolSize });
  const artifacts = createS3ArtifactStore(config.artifacts);
  const index = createQdrantIndex(qdrantOptions(config, [contract, ...otherModels.map((other) => other.contract)], 60_000));
  const security = createTemporalSecurity(config);
  const temporal = createTemporalClients({ ...config.temporal, ...security });
  const parts = await createActivityParts(config, { database, artifacts, index, models: models.all, schedules: createSourceSchedules(temporal), emit });

  const startup = { ready: false };
  const readiness = createReadinessMonitor({ checks: [createTemporalHealthCheck(temporal.connection, temporal.namespaces), createPostgresHealthCheck(database), artifacts, index, ...models.healthChecks] });
  const status = await startStatusServer({ host: config.worker.metricsHost, port: config.worker.metricsPort, readiness, startup, metrics: observer.metrics });

  const connection = await prepare();
  const workers = await createWorkers(config, connection, parts.dependencies, security);
  const running = Promise.all(workers.map((worker) => worker.run()));
  startup.ready = true;
  const { sweeps, registeredSources } = parts.dependencies;
  const signing = signSourceSchedules({ sweeps, registeredSources, schedules: createSourceSchedules(temporal), emit }, () => !startup.ready);
  const telling = tellLastBackup(parts.dependencies);
  emit({ type: 'service.started', service: 'worker', detail: `status on http://${config.worker.metricsHost}:${config.worker.metricsPort}` });

  return {
    async stop() {
      startup.ready = false;
      for (const worker of workers) worker.shutdown();
      await Promise.all([running, signing, telling]);
      await Promise.all([connection.close(), temporal.connection.close(), parts.close(), models.close(), index.close(), status.close()]);
      await database.close();
    },
  };

  async function prepare(): Promise<NativeConnection> {
    let native: NativeConnection | undefined;
    await prepareDependencies(
      [
        { dependency: 'postgres', prepare: () => database.migrate() },
        { dependency: 's3', prepare: () => artifacts.prepare() },
        { dependency: 'qdrant', prepare: () => index.prepare() },
        {
          dependency: 'temporal',
          prepare: async () => {
            native ??= await connectTemporal(config);
            for (const namespace of allNamespaces(temporal.namespaces)) await ensureSearchAttributes(temporal.connection, namespace);
            await createPlatformSchedules(temporal, declaredSchedules).ensure();
          },
        },
      ],
      { emit },
    );
    return native as unknown as NativeConnection;
  }
}

async function connectTemporal(config: Config): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(config.temporal.connectionOptions);
  } catch (thrown) {
    throw translateTemporalError(thrown);
  }
}
