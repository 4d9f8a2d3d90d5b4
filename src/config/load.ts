import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ChunkingSettings } from '../contracts/chunks.ts';
import { CatalystError } from '../contracts/errors.ts';
import { backupConfig, findBackupProblems } from './backup.ts';
import type { Config, EmbeddingConfig } from './config.ts';
import { firecrawlConfig } from './firecrawl.ts';
import { findProblems } from './production.ts';
import type { ConfigurationProblem } from './production.ts';
import { anyPort } from './portList.ts';
import { defaultRerankOf, findRerankingProblems, rerankingConfig } from './reranking.ts';
import { variablesSchema } from './variables.ts';
import { findImportProblems, importConfig } from './importBuckets.ts';
import type { Variables } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment into a frozen Config; throws CONFIGURATION_INVALID with all problems at once. */
export function loadConfig(environment: Environment): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variablesSchema.safeParse(set);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map((issue) => ({ variable: issue.path.join('.'), problem: issue.message, remedy: describe(issue.path[0]) })));
  }
  const problems = [...findProblems(parsed.data, set), ...findImportProblems(parsed.data), ...findBackupProblems(parsed.data), ...findRerankingProblems(parsed.data)];
  if (problems.length > 0) throw invalid(problems);
  return deepFreeze(toConfig(parsed.data, set));
}

/** The environment of this process; the only place in the product that reads it. */
export function loadProcessConfig(): Config {
  return loadConfig(process.env);
}

function describe(name: PropertyKey | undefined): string {
  const field = variablesSchema.shape[String(name) as keyof Variables] as { readonly description?: string } | undefined;
  return field?.description ?? 'Correct or remove it.';
}

function invalid(problems: readonly ConfigurationProblem[]): CatalystError {
  const lines = problems.map(({ variable, problem, remedy }) => `  ${variable} ${problem}. ${remedy}`);
  return new CatalystError('CONFIGURATION_INVALID', `The configuration is not complete:\n${lines.join('\n')}`, {
    problems: problems.map(({ variable, problem, remedy }) => ({ pointer: variable, code: 'configuration', detail: `${problem}. ${remedy}` })),
  });
}

const defaultNamespace = 'default';

function toConfig(variables: Variables, environment: Readonly<Record<string, string | undefined>>): Config {
  const temporal = loadClientConnectConfig({ overrideEnvVars: environment as Record<string, string> });
  return {
    profile: variables.CATALYST_PROFILE,
    logLevel: variables.CATALYST_LOG_LEVEL,
    api: { host: variables.CATALYST_API_HOST, port: variables.CATALYST_API_PORT, trustedProxies: variables.CATALYST_TRUSTED_PROXIES, maximumRequestBytes: variables.CATALYST_MAX_REQUEST_BYTES, maximumUploadBytes: variables.CATALYST_MAX_UPLOAD_BYTES, corsOrigins: variables.CATALYST_API_CORS_ORIGINS, drainMs: variables.CATALYST_API_DRAIN_SECONDS * 1000, linkSeconds: variables.CATALYST_LINK_SECONDS },
    worker: { metricsHost: variables.CATALYST_WORKER_METRICS_HOST, metricsPort: variables.CATALYST_WORKER_METRICS_PORT },
    authentication: authenticationConfig(variables),
    tenants: { served: variables.CATALYST_TENANTS, platform: variables.CATALYST_PLATFORM_TENANT },
    audit: { addressKey: variables.CATALYST_AUDIT_ADDRESS_KEY },
    database: { url: present(variables.DATABASE_URL), poolSize: variables.CATALYST_DATABASE_POOL },
    artifacts: {
      endpoint: present(variables.S3_ENDPOINT),
      publicEndpoint: variables.S3_PUBLIC_ENDPOINT,
      region: variables.S3_REGION,
      bucket: present(variables.S3_BUCKET),
      accessKeyId: present(variables.S3_ACCESS_KEY_ID),
      secretAccessKey: present(variables.S3_SECRET_ACCESS_KEY),
      forcePathStyle: variables.S3_FORCE_PATH_STYLE,
    },
    index: { url: present(variables.QDRANT_URL), apiKey: variables.QDRANT_API_KEY, alias: variables.CATALYST_INDEX_ALIAS, dedicatedTenants: variables.CATALYST_DEDICATED_TENANTS, searching: { effort: variables.CATALYST_INDEX_SEARCH_EFFORT, oversampling: variables.CATALYST_INDEX_OVERSAMPLING, consistency: variables.CATALYST_INDEX_READ_CONSISTENCY } },
    lifecycle: lifecycleConfig(variables),
    backup: backupConfig(variables),
    temporal: { connectionOptions: temporal.connectionOptions, namespaces: { common: temporal.namespace ?? defaultNamespace, own: variables.CATALYST_TEMPORAL_NAMESPACES }, uiOrigins: variables.CATALYST_TEMPORAL_UI_ORIGINS },
    principals: { keys: variables.CATALYST_PRINCIPAL_KEYS, acceptUnsigned: variables.CATALYST_UNSIGNED_WORKFLOWS === 'accept' },
    payloads: { encrypt: variables.CATALYST_PAYLOAD_ENCRYPTION === 'on', keys: variables.CATALYST_PAYLOAD_KEYS },
    vault: variables.CATALYST_VAULT_KEYS.length === 0 ? undefined : { keys: variables.CATALYST_VAULT_KEYS, nameKey: present(variables.CATALYST_VAULT_NAME_KEY) },
    embedding: embeddingConfig(variables),
    nextEmbedding: nextEmbeddingConfig(variables),
    embeddingLimits: embeddingLimits(variables),
    caching: { bytes: variables.CATALYST_CACHE_BYTES, redisUrl: variables.CATALYST_CACHE_REDIS_URL },
    querySample: variables.CATALYST_QUERY_SAMPLE,
    search: { defaultRerank: defaultRerankOf(variables) },
    reranking: rerankingConfig(variables),
    firecrawl: firecrawlConfig(variables),
    fetching: { userAgent: variables.CATALYST_USER_AGENT, timeoutMs: variables.CATALYST_FETCH_TIMEOUT_SECONDS * 1000, allowPrivateAddresses: variables.CATALYST_FETCH_PRIVATE_ADDRESSES, ports: fetchPorts(variables) },
    rateLimits: { tenant: variables.CATALYST_RATE_LIMITS, caller: variables.CATALYST_CALLER_RATE_LIMITS },
    quotas: variables.CATALYST_QUOTAS,
    budgets: variables.CATALYST_BUDGETS,
    prices: { currency: variables.CATALYST_CURRENCY, perMillionTokens: variables.CATALYST_PRICE_PER_MILLION_TOKENS, perCredit: variables.CATALYST_PRICE_PER_CREDIT, perThousandReranks: variables.CATALYST_PRICE_PER_THOUSAND_RERANKS, perThousandSearches: variables.CATALYST_PRICE_PER_THOUSAND_SEARCHES, perMillionQueryTokens: variables.CATALYST_PRICE_PER_MILLION_QUERY_TOKENS, perProcessorHour: variables.CATALYST_PRICE_PER_PROCESSOR_HOUR },
    importing: importConfig(variables),
    parsing: { threads: variables.CATALYST_PARSE_THREADS, timeoutSeconds: variables.CATALYST_PARSE_TIMEOUT_SECONDS, pageTimeoutSeconds: variables.CATALYST_PARSE_PAGE_TIMEOUT_SECONDS, memoryMegabytes: variables.CATALYST_PARSE_MEMORY_MB },
    recognition:
      variables.CATALYST_OCR === 'off'
        ? undefined
        : { program: variables.CATALYST_OCR_PATH, languages: variables.CATALYST_OCR_LANGUAGES, mostPages: variables.CATALYST_OCR_PAGES, pageTimeoutSeconds: variables.CATALYST_OCR_PAGE_TIMEOUT_SECONDS },
    ingestion: ingestionConfig(variables),
  };
}

function authenticationConfig(variables: Variables): Config['authentication'] {
  return {
    secret: variables.CATALYST_AUTH_SECRET,
    jwksUrl: variables.CATALYST_AUTH_JWKS_URL,
    publicKey: variables.CATALYST_AUTH_PUBLIC_KEY,
    algorithms: variables.CATALYST_AUTH_ALGORITHMS,
    issuer: variables.CATALYST_AUTH_ISSUER,
    audience: variables.CATALYST_AUTH_AUDIENCE,
    clockSkewSeconds: variables.CATALYST_AUTH_CLOCK_SKEW_SECONDS,
    defaultRole: variables.CATALYST_AUTH_DEFAULT_ROLE,
  };
}

function ingestionConfig(variables: Variables): Config['ingestion'] {
  return {
    maximumDocumentBytes: variables.CATALYST_MAX_DOCUMENT_BYTES,
    chunking: { maximumTokens: variables.CATALYST_CHUNK_TOKENS, overlapTokens: variables.CATALYST_CHUNK_OVERLAP_TOKENS },
    nextChunking: nextChunkingConfig(variables),
    window: variables.CATALYST_INGEST_WINDOW,
    sliceDocuments: variables.CATALYST_SLICE_DOCUMENTS,
    sliceBytes: variables.CATALYST_SLICE_BYTES,
    tenantFetches: variables.CATALYST_TENANT_FETCHES,
    quarantine: variables.CATALYST_QUARANTINE,
    redact: variables.CATALYST_REDACT,
    auditGraceMs: variables.CATALYST_CONSISTENCY_GRACE_SECONDS * 1000,
  };
}

function lifecycleConfig(variables: Variables): Config['lifecycle'] {
  return {
    compaction: {
      removedRatio: variables.CATALYST_COMPACTION_REMOVED_RATIO,
      segments: variables.CATALYST_COMPACTION_SEGMENTS ?? null,
      unindexedVectors: variables.CATALYST_COMPACTION_UNINDEXED_VECTORS ?? null,
      leastPoints: variables.CATALYST_COMPACTION_LEAST_POINTS,
    },
    layout: {
      thresholds: { exactPoints: variables.CATALYST_INDEX_EXACT_POINTS, scalarPoints: variables.CATALYST_INDEX_SCALAR_POINTS, onDiskPoints: variables.CATALYST_INDEX_ON_DISK_POINTS, binaryPoints: variables.CATALYST_INDEX_BINARY_POINTS },
      cluster: { shards: variables.CATALYST_INDEX_SHARDS ?? null, replicas: variables.CATALYST_INDEX_REPLICAS ?? null, writeReplicas: variables.CATALYST_INDEX_WRITE_REPLICAS ?? null },
    },
    graceMs: variables.CATALYST_GENERATION_GRACE_MINUTES * 60_000,
  };
}

/** What the web is served from; other ports of a public host are more likely a database or a mail server that does not expect us. */
const webPorts = [80, 443, 8080, 8443];

function fetchPorts({ CATALYST_FETCH_PORTS: ports, CATALYST_FETCH_PRIVATE_ADDRESSES: allowPrivate }: Variables): readonly number[] | undefined {
  if (ports === anyPort || (ports === undefined && allowPrivate)) return undefined;
  return ports ?? webPorts;
}

function embeddingLimits({ CATALYST_EMBEDDING_CONCURRENCY: concurrency, CATALYST_EMBEDDING_CALLS_PER_MINUTE: perMinute }: Variables): Config['embeddingLimits'] {
  return { ...(concurrency === undefined ? {} : { concurrency }), ...(perMinute === undefined ? {} : { perMinute }) };
}

/** That of the embedded model, so that measurements without the model move as many bytes. */
const stubDimension = 384;

function embeddingConfig(variables: Variables): EmbeddingConfig {
  switch (variables.CATALYST_EMBEDDING_PROVIDER) {
    case 'onnx':
      return { provider: 'onnx', modelDirectory: present(variables.CATALYST_EMBEDDING_MODEL_DIR), threads: variables.CATALYST_EMBEDDING_THREADS, tokenVectors: variables.CATALYST_TOKEN_VECTORS === 'on' };
    case 'stub':
      return { provider: 'stub', modelDirectory: present(variables.CATALYST_EMBEDDING_MODEL_DIR), dimension: stubDimension };
    case 'openai':
      return {
        provider: 'openai',
        modelDirectory: variables.CATALYST_EMBEDDING_MODEL_DIR,
        baseUrl: present(variables.CATALYST_EMBEDDING_BASE_URL),
        apiKey: variables.CATALYST_EMBEDDING_API_KEY,
        model: variables.CATALYST_EMBEDDING_MODEL,
        dimension: variables.CATALYST_EMBEDDING_DIMENSION,
        tokenLimit: variables.CATALYST_EMBEDDING_TOKEN_LIMIT,
      };
  }
}

/** What is not said of it is as it is of the first. */
function nextChunkingConfig({ CATALYST_NEXT_CHUNK_TOKENS: tokens, CATALYST_NEXT_CHUNK_OVERLAP_TOKENS: overlap, CATALYST_CHUNK_TOKENS, CATALYST_CHUNK_OVERLAP_TOKENS }: Variables): ChunkingSettings | undefined {
  if (tokens === undefined && overlap === undefined) return undefined;
  return { maximumTokens: tokens ?? CATALYST_CHUNK_TOKENS, overlapTokens: overlap ?? CATALYST_CHUNK_OVERLAP_TOKENS };
}

/** The same, of the variables of the second model; its texts are cut into passages by the first one's tokenizer. */
function nextEmbeddingConfig(variables: Variables): EmbeddingConfig | undefined {
  const { CATALYST_NEXT_EMBEDDING_PROVIDER: provider } = variables;
  if (provider === undefined) return undefined;
  const next = embeddingConfig({
    ...variables,
    CATALYST_EMBEDDING_PROVIDER: provider,
    CATALYST_EMBEDDING_MODEL_DIR: variables.CATALYST_NEXT_EMBEDDING_MODEL_DIR ?? variables.CATALYST_EMBEDDING_MODEL_DIR,
    CATALYST_EMBEDDING_BASE_URL: variables.CATALYST_NEXT_EMBEDDING_BASE_URL,
    CATALYST_EMBEDDING_API_KEY: variables.CATALYST_NEXT_EMBEDDING_API_KEY,
    CATALYST_EMBEDDING_MODEL: variables.CATALYST_NEXT_EMBEDDING_MODEL,
    CATALYST_EMBEDDING_DIMENSION: variables.CATALYST_NEXT_EMBEDDING_DIMENSION,
    CATALYST_EMBEDDING_TOKEN_LIMIT: variables.CATALYST_NEXT_EMBEDDING_TOKEN_LIMIT,
  });
  return next.provider === 'stub' ? { ...next, dimension: variables.CATALYST_NEXT_EMBEDDING_DIMENSION } : next;
}

/** For values that the rules have already proven to be set. */
function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new CatalystError('CONFIGURATION_INVALID', 'A required variable is missing although it was checked.');
  return value;
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (inner !== null && typeof inner === 'object' && !ArrayBuffer.isView(inner) && !Object.isFrozen(inner)) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
