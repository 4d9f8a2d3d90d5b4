import { NativeConnection } from '@temporalio/worker';
import type { ActivityDependencies } from '../src/activities/dependencies.ts';
import { createConfiguredEmbedder } from '../src/adapters/embedding/configuredEmbedder.ts';
import { createConfiguredTokenizer } from '../src/adapters/embedding/configuredTokenizer.ts';
import { createHttpFetcher } from '../src/adapters/fetch/httpFetcher.ts';
import { createFirecrawlReader } from '../src/adapters/firecrawl/firecrawlReader.ts';
import { createTesseractRecogniser } from '../src/adapters/ocr/tesseractRecogniser.ts';
import { createParserPool } from '../src/adapters/parser/parserPool.ts';
import { openDatabase } from '../src/adapters/postgres/database.ts';
import { createDocumentRegistry } from '../src/adapters/postgres/documentRegistry.ts';
import { createPostgresHealthCheck } from '../src/adapters/postgres/health.ts';
import { createJobRegistry } from '../src/adapters/postgres/jobRegistry.ts';
import { createStageOutputs } from '../src/adapters/postgres/stageOutputs.ts';
import { createQdrantIndex } from '../src/adapters/qdrant/qdrantIndex.ts';
import { createS3ArtifactStore } from '../src/adapters/s3/s3ArtifactStore.ts';
import { createTemporalClient, translateTemporalError } from '../src/adapters/temporal/connection.ts';
import { createTemporalHealthCheck } from '../src/adapters/temporal/health.ts';
import { ensureSearchAttributes } from '../src/adapters/temporal/searchAttributes.ts';
import type { Config } from '../src/config/config.ts';
import { createObserver } from '../src/observability/observer.ts';
import { createReadinessMonitor } from '../src/observability/readinessMonitor.ts';
import type { SourceReader } from '../src/ports/sourceReader.ts';
import { loadConfigOrExit } from '../src/startup/loadConfigOrExit.ts';
import { prepareDependencies } from '../src/startup/prepareDependencies.ts';
import { runService } from '../src/startup/runService.ts';
import type { Service } from '../src/startup/runService.ts';
import { installTemporalRuntime } from './logging.ts';
import { startStatusServer } from './statusServer.ts';
import { createWorkers } from './workers.ts';

/** Composition root of the worker: the place that names its adapters. */
const config = loadConfigOrExit();
const observer = createObserver('worker', config.logLevel);
installTemporalRuntime(observer.logger);
await runService('worker', observer.logger, observer.emit, () => startWorker(config));

async function startWorker(config: Config): Promise<Service> {
  const { emit } = observer;
  const embedder = await createConfiguredEmbedder(config.embedding);
  const database = openDatabase({ url: config.database.url, poolSize: config.database.poolSize });
  const artifacts = createS3ArtifactStore(config.artifacts);
  const index = createQdrantIndex({ url: config.index.url, apiKey: config.index.apiKey, alias: config.index.alias, contract: embedder.contract, refuseDevelopmentServer: config.profile === 'production', requestTimeoutMs: 60_000 });
  const temporal = createTemporalClient(config.temporal);
  const recogniser = config.recognition === undefined ? undefined : await createTesseractRecogniser(config.recognition);
  const parser = createParserPool({ ...config.parsing, recogniser });
  const sources = createSources(config);

  const startup = { ready: false };
  const readiness = createReadinessMonitor({ checks: [createTemporalHealthCheck(temporal.connection, config.temporal.namespace), createPostgresHealthCheck(database), artifacts, index, embedder] });
  const status = await startStatusServer({ host: config.worker.metricsHost, port: config.worker.metricsPort, readiness, startup, metrics: observer.metrics });

  const connection = await prepare();
  const dependencies: ActivityDependencies = {
    jobs: createJobRegistry(database),
    documents: createDocumentRegistry(database),
    stageOutputs: createStageOutputs(database),
    artifacts,
    sources,
    parser,
    tokenizer: createConfiguredTokenizer(config.embedding),
    embedder,
    index,
    emit,
    settings: config.ingestion,
  };
  const workers = await createWorkers(config, connection, dependencies);
  const running = Promise.all(workers.map((worker) => worker.run()));
  startup.ready = true;
  emit({ type: 'service.started', service: 'worker', detail: `status on http://${config.worker.metricsHost}:${config.worker.metricsPort}` });

  return {
    async stop() {
      startup.ready = false;
      for (const worker of workers) worker.shutdown();
      await running;
      await Promise.all([connection.close(), temporal.connection.close(), parser.close(), sources.close(), embedder.close(), index.close(), status.close()]);
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
            await ensureSearchAttributes(temporal.connection, config.temporal.namespace);
          },
        },
      ],
      { emit },
    );
    return native as unknown as NativeConnection;
  }
}

/** Firecrawl where it is configured, else the built-in fetcher. */
function createSources({ firecrawl, fetching, ingestion }: Config): SourceReader {
  const { timeoutMs, userAgent, allowPrivateAddresses } = fetching;
  const maximumBytes = ingestion.maximumDocumentBytes;
  if (firecrawl !== undefined) return createFirecrawlReader({ ...firecrawl, timeoutMs, maximumBytes, allowPrivateAddresses });
  return createHttpFetcher({ userAgent, timeoutMs, maximumBytes, maximumRedirects: 10, allowPrivateAddresses });
}

async function connectTemporal(config: Config): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(config.temporal.connectionOptions);
  } catch (thrown) {
    throw translateTemporalError(thrown);
  }
}
