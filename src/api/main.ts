import { createInProcessIngestion } from '../../temporal/inProcessIngestion.ts';
import { qdrantOptions } from '../../temporal/qdrantOptions.ts';
import { declaredSchedules } from '../../temporal/schedules.ts';
import { createConfiguredModels } from '../adapters/embedding/configuredModels.ts';
import { createFirecrawlWebhookVerifier } from '../adapters/firecrawl/firecrawlWebhook.ts';
import { openDatabase } from '../adapters/postgres/database.ts';
import type { Database } from '../adapters/postgres/database.ts';
import { createRestoreRegistry } from '../adapters/postgres/backup/restoreRegistry.ts';
import { createConsistencyRegistry } from '../adapters/postgres/consistency/consistencyRegistry.ts';
import { createDeletionRegistry } from '../adapters/postgres/deletions/deletionRegistry.ts';
import { createGenerationRegistry } from '../adapters/postgres/generations/generationRegistry.ts';
import { createQuerySamples } from '../adapters/postgres/generations/querySamples.ts';
import { createPostgresHealthCheck } from '../adapters/postgres/health.ts';
import { createJobRegistry } from '../adapters/postgres/jobs/jobRegistry.ts';
import { createJobReports } from '../adapters/postgres/jobs/jobReports.ts';
import { createJobSteering } from '../adapters/postgres/jobs/jobSteering.ts';
import { createAuditLog } from '../adapters/postgres/audit/auditLog.ts';
import { createIdempotencyRegistry } from '../adapters/postgres/idempotency/idempotencyRegistry.ts';
import { createApiKeyRegistry } from '../adapters/postgres/keys/apiKeyRegistry.ts';
import { createLabelRegistry } from '../adapters/postgres/documents/labelRegistry.ts';
import { createLibrary } from '../adapters/postgres/documents/library.ts';
import { createSourceRegistry } from '../adapters/postgres/sources/sourceRegistry.ts';
import { createTenantRegistry } from '../adapters/postgres/tenants/tenantRegistry.ts';
import { createSweepRegistry } from '../adapters/postgres/sweeps/sweepRegistry.ts';
import { createUploadRegistry } from '../adapters/postgres/documents/uploadRegistry.ts';
import { createSharedWindowCounts } from '../adapters/postgres/limits/sharedWindowCounts.ts';
import { createTenantAccount } from '../adapters/postgres/usage/tenantAccount.ts';
import { createUsageLedger } from '../adapters/postgres/usage/usageLedger.ts';
import { createVault } from '../adapters/postgres/vault/vault.ts';
import { createWorkOutbox } from '../adapters/postgres/workOutbox.ts';
import { createGenerationIndex } from '../adapters/qdrant/generationIndex.ts';
import { createQdrantIndex } from '../adapters/qdrant/qdrantIndex.ts';
import type { QdrantIndex } from '../adapters/qdrant/qdrantIndex.ts';
import { createWindowCounts } from '../adapters/rateLimits/windowCounts.ts';
import { createRedisCache } from '../adapters/redis/redisCache.ts';
import { createConfiguredReranker } from '../adapters/rerank/configuredReranker.ts';
import { createS3ArtifactStore } from '../adapters/s3/s3ArtifactStore.ts';
import { createObjectBucket } from '../adapters/s3/s3ObjectBucket.ts';
import { createTemporalClients } from '../adapters/temporal/connection.ts';
import type { TemporalClients } from '../adapters/temporal/connection.ts';
import { createTemporalHealthCheck } from '../adapters/temporal/health.ts';
import { createBackupWork } from '../adapters/temporal/backupWork.ts';
import { createIndexChanges } from '../adapters/temporal/indexChanges.ts';
import { createPlatformSchedules } from '../adapters/temporal/platformSchedules.ts';
import { createSourceSchedules } from '../adapters/temporal/sourceSchedules.ts';
import { createTemporalSecurity } from '../adapters/temporal/temporalSecurity.ts';
import { createWorkflowStarter } from '../adapters/temporal/workflowStarter.ts';
import type { Config, RerankingConfig } from '../config/config.ts';
import { isOpenTo } from '../config/importBuckets.ts';
import { numbersOf } from '../config/tenantTable.ts';
import { contractFingerprint } from '../contracts/embedding.ts';
import type { EventSink } from '../contracts/events.ts';
import { personalDataKinds } from '../contracts/personalData.ts';
import { numbersWith } from '../contracts/policyRules.ts';
import type { QuotaName } from '../contracts/quotas.ts';
import { daySeconds } from '../contracts/rateLimits.ts';
import { redactText } from '../privacy/redact.ts';
import { createObserver } from '../observability/observer.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { GenerationIndex } from '../ports/generationIndex.ts';
import { createModelReranker } from '../retrieval/rerank/model/modelReranker.ts';
import type { ModelReranker } from '../retrieval/rerank/model/modelReranker.ts';
import { createSuggestSpelling, defaultSpellingSettings } from '../retrieval/spelling/suggestSpelling.ts';
import { createSuggest } from '../retrieval/suggest/suggest.ts';
import type { ApiDependencies } from './dependencies.ts';
import { loadConfigOrExit } from '../startup/loadConfigOrExit.ts';
import { prepareDependencies } from '../startup/prepareDependencies.ts';
import { runService } from '../startup/runService.ts';
import type { Service } from '../startup/runService.ts';
import { createApp } from './app.ts';
import { createAuditRecorder } from './audit/auditRecorder.ts';
import { createApiKeyAuthenticator } from './authentication/apiKeyAuthenticator.ts';
import { createAuthenticator } from './authentication/createAuthenticator.ts';
import { createSearches, createTenantKnowledge, sampled } from './composition/searches.ts';
import { readIndexOverview } from './index/readIndexOverview.ts';
import { createLabelling, startingLabels } from './documents/labelling.ts';
import { createOutboxRelay } from './outboxRelay.ts';
import { Admission, searchAdmission } from './overload/admission.ts';
import { createRequestGate } from './overload/requestGate.ts';
import { createAdmitWork } from './quotas/admitWork.ts';
import type { AdmissionDependencies, AdmitWork } from './quotas/admitWork.ts';
import { createSearchQuota } from './quotas/searchQuota.ts';
import type { SearchQuota } from './quotas/searchQuota.ts';
import { createLimitRate } from './rateLimits/limitRate.ts';
import type { LimitRate } from './callerRuleTypes.ts';
import { startRateExchange } from './rateLimits/rateExchange.ts';
import { createUsageMeter } from './usage/usageMeter.ts';
import type { UsageMeter } from './usage/usageMeter.ts';
import { createQuerySample } from './search/querySample.ts';
import { createServer } from './server.ts';
import { createDepartures } from './tenants/departures.ts';
import { createTenantStandings } from './tenants/tenantStandings.ts';
import type { StandingsOptions, TenantStandings } from './tenants/tenantStandings.ts';

const relayIntervalMs = 5_000;
const drainTimeoutMs = 20_000;
const rateExchangeMs = 1_000;

/** Composition root of the API: the place that names its adapters. */
const config = loadConfigOrExit();
const observer = createObserver('api', config.logLevel);
await runService('api', observer.logger, observer.emit, () => startApi(config));

async function startApi(config: Config): Promise<Service> {
  const { metrics } = observer;
  const departures = createDepartures();
  const database = openDatabase({ url: config.database.url, poolSize: config.database.poolSize });
  const { usageMeter, emit } = createMeteredEvents(database);
  const models = await createConfiguredModels(config);
  const [embedder, ...otherModels] = models.all;
  const reranker = config.reranking === undefined ? undefined : await createReranker(config.reranking, emit);
  const artifacts = createS3ArtifactStore(config.artifacts);
  const index = createQdrantIndex(qdrantOptions(config, [embedder.contract, ...otherModels.map(({ contract }) => contract)], 10_000));
  const security = createTemporalSecurity(config);
  const temporal = createTemporalClients({ ...config.temporal, ...security });
  const generationIndex = createGenerationIndex({ ...config.index, requestTimeoutMs: 10_000 });
  const schedules = createSourceSchedules(temporal);
  const work = createAcceptedWork(config, database, index, temporal);
  const inProcess = config.profile === 'production' ? undefined : createInProcessIngestion(config, { database, artifacts, index, models: models.all, schedules, emit });
  const shared = config.caching.redisUrl === undefined || config.caching.bytes === 0 ? undefined : createRedisCache({ url: config.caching.redisUrl, emit });
  const { asOf, heldLanguages, ...tenantSettings } = createTenantKnowledge(database, index, departures);
  const registries = createRegistries(config, database, { onDeleted: departures.tell, rerankModel: config.reranking?.model });
  const rates = createRateLimits(config, database, registries.tenantStandings.policyOf, emit);
  const sample = createQuerySample({ samples: createQuerySamples(database), part: config.querySample, withoutPersonalData: (query) => redactText(query, personalDataKinds) });
  const startup = { ready: false };
  const stopping = new AbortController();
  const app = createApp({
    authenticator: createAuthenticator(config.authentication, createApiKeyAuthenticator({ registry: registries.apiKeys, emit })),
    ...sampled(sample, createSearches(config, database, { index, servingOf: (tenant) => generationIndex.serving(tenant), models: models.all, emit, usageMeter, ...tenantSettings, asOf, heldLanguages, suggestSpelling: createSuggestSpelling(index, { ...defaultSpellingSettings, departures }), departures, modelReranker: reranker }, shared)),
    searchGate: createRequestGate(new Admission(searchAdmission), emit),
    suggest: createSuggest(index),
    ...tenantSettings,
    keepsTokenVectors: models.all.some(({ tokenVectors }) => tokenVectors !== undefined), reranksByModel: reranker !== undefined,
    ...registries,
    limitRate: rates.limitRate, searchQuota: rates.searchQuota, usageMeter,
    admitWork: createAdmission(config, database, { policyOf: registries.tenantStandings.policyOf, embeddingModelOf: modelNameOf(models.all, index), emit }),
    schedules, payloadCrypt: security.payloadCrypt, ...createWholeIndex(config, database, generationIndex, temporal),
    prices: config.prices, ingestInProcess: inProcess?.ingest,
    firecrawlWebhooks: config.firecrawl?.webhook === undefined ? undefined : createFirecrawlWebhookVerifier(config.firecrawl.webhook.secret),
    artifacts, ...work,
    healthChecks: [createTemporalHealthCheck(temporal.connection, temporal.namespaces), createPostgresHealthCheck(database), artifacts, index, ...models.healthChecks, ...(reranker === undefined ? [] : [reranker.health])],
    emit, metrics,
    ...ingestRulesOf(config),
    startup,
    stopping: stopping.signal,
  });
  const server = createServer(app, { host: config.api.host, port: config.api.port, stopping, drainMs: config.api.drainMs });
  const port = await server.listen();
  await prepareDependencies(preparationsOf(database, registries.tenantStandings, artifacts, index, reranker), { emit });
  const relay = createOutboxRelay({ ...work, emit, intervalMs: relayIntervalMs });
  relay.start();
  startup.ready = true;
  emit({ type: 'service.started', service: 'api', detail: `http://${config.api.host}:${port}` });

  return {
    async stop() {
      await Promise.all([server.drain(drainTimeoutMs).then(() => registries.audit.close()), relay.stop(), registries.tenantStandings.stop()]);
      await Promise.all([rates.stop(), sample.stop()]);
      await Promise.all([inProcess?.close(), temporal.connection.close(), models.close(), index.close(), generationIndex.close(), shared?.close(), reranker?.close()]);
      await usageMeter.stop();
      await database.close();
    },
  };
}

/** What is told and changed of the index as a whole, and of what the product does by itself. */
function createWholeIndex({ backup }: Config, database: Database, generationIndex: GenerationIndex, temporal: TemporalClients): Pick<ApiDependencies, 'readIndex' | 'indexChanges' | 'platformSchedules' | 'backupBucket' | 'backupWork' | 'restores'> {
  const generations = createGenerationRegistry(database);
  return {
    readIndex: () => readIndexOverview({ generations, generationIndex }),
    indexChanges: createIndexChanges(temporal),
    platformSchedules: createPlatformSchedules(temporal, declaredSchedules),
    backupBucket: backup === undefined ? undefined : createObjectBucket(backup.store),
    backupWork: createBackupWork(temporal),
    restores: createRestoreRegistry(database),
  };
}

/** Usage of searches and reranks, counted in memory; the reranker tells of its calls by events. */
function createMeteredEvents(database: Database): { readonly usageMeter: UsageMeter; readonly emit: EventSink } {
  const usageMeter = createUsageMeter(createUsageLedger(database), observer.emit);
  const emit: EventSink = (event) => {
    observer.emit(event);
    if (event.type === 'rerank.finished') usageMeter.count(event.tenant, 'reranks', 1);
  };
  return { usageMeter, emit };
}

/** What must be there before the first request. */
function preparationsOf(database: Database, standings: TenantStandings, artifacts: { prepare(): Promise<void> }, index: QdrantIndex, reranker: ModelReranker | undefined): Parameters<typeof prepareDependencies>[0] {
  return [
    { dependency: 'postgres', prepare: () => database.migrate().then(() => standings.start()) },
    { dependency: 's3', prepare: () => artifacts.prepare() },
    { dependency: 'qdrant', prepare: () => index.prepare() },
    ...(reranker === undefined ? [] : [{ dependency: 'reranker', prepare: () => reranker.validate() }]),
  ];
}

async function createReranker(reranking: RerankingConfig, emit: EventSink): Promise<ModelReranker> {
  return createModelReranker(await createConfiguredReranker(reranking), reranking, emit);
}

/** Limits of requests a minute, and of searches a day, the tenant's own before those of the operator: counted in memory, and put together with the counts of other processes beside the requests. */
function createRateLimits({ rateLimits, quotas }: Config, database: Database, policyOf: TenantStandings['policyOf'], emit: EventSink): { readonly limitRate: LimitRate; readonly searchQuota: SearchQuota; stop(): Promise<void> } {
  const [ofMinutes, ofDays] = [createWindowCounts({ emit }), createWindowCounts({ emit, windowSeconds: daySeconds })];
  const sharedDays = createSharedWindowCounts(database, 'day_counts');
  const quotasOf = { tenant: (tenant: string) => numbersOf(rateLimits.tenant, tenant) ?? {}, caller: (tenant: string) => numbersOf(rateLimits.caller, tenant) ?? {} };
  const searchQuota = createSearchQuota({ counts: ofDays, shared: sharedDays, quotaOf: (tenant) => numbersWith<QuotaName>(numbersOf(quotas, tenant) ?? {}, policyOf(tenant).quotas).searches, emit });
  const exchanges = [startRateExchange(ofMinutes, createSharedWindowCounts(database), rateExchangeMs), startRateExchange(ofDays, sharedDays, rateExchangeMs)];
  return { limitRate: createLimitRate({ counts: ofMinutes, policyOf, quotasOf, searchQuota, emit }), searchQuota, stop: async () => void (await Promise.all(exchanges.map((exchange) => exchange.stop()))) };
}

/** Of two models the one that the tenant's index is made by at this moment. */
function modelNameOf(models: readonly [Embedder, ...Embedder[]], { serving }: QdrantIndex): AdmissionDependencies['embeddingModelOf'] {
  const [first] = models;
  return async (tenant) => {
    if (models.length === 1) return first.contract.model;
    const fingerprint = await serving.refresh(tenant);
    return (models.find(({ contract }) => contractFingerprint(contract) === fingerprint) ?? first).contract.model;
  };
}

/** Quotas, budgets and models of tenants, before new work. */
function createAdmission({ quotas, budgets, prices }: Config, database: Database, rules: Pick<AdmissionDependencies, 'policyOf' | 'embeddingModelOf' | 'emit'>): AdmitWork {
  return createAdmitWork({ ...rules, account: createTenantAccount(database), quotasOf: (tenant) => numbersOf(quotas, tenant) ?? {}, budgetOf: (tenant) => numbersOf(budgets, tenant) ?? {}, prices });
}

/** What requests may bring, and from where. */
function ingestRulesOf({ api, ingestion, fetching, importing, temporal }: Config): Pick<ApiDependencies, 'limits' | 'corsOrigins' | 'webUiOrigins' | 'allowPrivateAddresses' | 'isBucketOpen' | 'trustedProxies'> {
  return {
    trustedProxies: api.trustedProxies,
    corsOrigins: api.corsOrigins,
    webUiOrigins: temporal.uiOrigins,
    limits: { maximumRequestBytes: api.maximumRequestBytes, maximumUploadBytes: api.maximumUploadBytes, maximumDocumentBytes: ingestion.maximumDocumentBytes, linkSeconds: api.linkSeconds },
    allowPrivateAddresses: fetching.allowPrivateAddresses,
    isBucketOpen: (tenant, bucket) => isOpenTo(importing.buckets, tenant, bucket),
  };
}

/** What is accepted, stored and then started or followed up. */
function createAcceptedWork({ ingestion }: Config, database: Database, index: QdrantIndex, temporal: TemporalClients) {
  const outbox = createWorkOutbox(database);
  const labelling = createLabelling({ labels: createLabelRegistry(database), index, outbox, emit: observer.emit });
  return { outbox, labelling, workflowStarter: startingLabels(createWorkflowStarter(temporal, { window: ingestion.window }), labelling) };
}

/** What a tenant may ask about, all in Postgres. */
function createRegistries({ prices, audit, vault, tenants: { served, platform } }: Pick<Config, 'prices' | 'audit' | 'vault' | 'tenants'>, database: Database, watching: Pick<StandingsOptions, 'onDeleted' | 'rerankModel'>) {
  const auditLog = createAuditLog(database);
  const tenants = createTenantRegistry(database);
  return {
    tenants,
    tenantStandings: createTenantStandings({ registry: tenants, emit: observer.emit, served, platform, ...watching }),
    auditLog,
    audit: createAuditRecorder({ log: auditLog, emit: observer.emit, addressKey: audit.addressKey }),
    apiKeys: createApiKeyRegistry(database),
    idempotency: createIdempotencyRegistry(database),
    usage: createUsageLedger(database),
    jobs: createJobRegistry(database, { prices }),
    steering: createJobSteering(database),
    reports: createJobReports(database, { prices }),
    uploads: createUploadRegistry(database),
    sources: createSourceRegistry(database),
    library: createLibrary(database, { prices }),
    deletions: createDeletionRegistry(database),
    sweeps: createSweepRegistry(database),
    consistency: createConsistencyRegistry(database),
    vault: createVault(database, vault),
  };
}
