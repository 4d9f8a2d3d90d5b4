import type { CompactionThresholds, IndexLayout } from '../contracts/generations.ts';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { ChunkingSettings } from '../contracts/chunks.ts';
import type { Prices } from '../contracts/estimate.ts';
import type { BudgetLevel, QuotaName } from '../contracts/quotas.ts';
import type { RateClass, RateHolder } from '../contracts/rateLimits.ts';
import type { RerankerName } from '../contracts/search.ts';
import type { PersonalDataKind } from '../contracts/personalData.ts';
import type { RiskLevel } from '../contracts/risk.ts';
import type { Role } from '../contracts/roles.ts';
import type { TokenAlgorithm } from '../contracts/tokenAlgorithms.ts';
import type { NamedKey } from './keyList.ts';
import type { TenantTable } from './tenantTable.ts';

/** Everything the API and the worker may be told, validated and frozen. Times in ms, sizes in bytes unless named otherwise. */
export interface Config {
  readonly profile: 'development' | 'test' | 'production';
  readonly logLevel: string;
  readonly api: { readonly host: string; readonly port: number; readonly trustedProxies: number; readonly maximumRequestBytes: number; readonly maximumUploadBytes: number; readonly corsOrigins: readonly string[]; readonly drainMs: number; readonly linkSeconds: number };
  readonly worker: { readonly metricsHost: string; readonly metricsPort: number };
  readonly authentication: {
    /** Exactly one of the three. */
    readonly secret: string | undefined;
    readonly jwksUrl: string | undefined;
    readonly publicKey: string | undefined;
    /** Undefined: the usual ones. */
    readonly algorithms: readonly TokenAlgorithm[] | undefined;
    readonly issuer: string;
    readonly audience: string;
    readonly clockSkewSeconds: number;
    readonly defaultRole: Role | undefined;
  };
  readonly tenants: { /** auto: those too that nobody created. */ readonly served: 'auto' | 'created'; readonly platform: string | undefined };
  readonly audit: { /** Undefined: addresses are recorded as they are. */ readonly addressKey: string | undefined };
  readonly database: { readonly url: string; readonly poolSize: number };
  readonly artifacts: { readonly endpoint: string; readonly publicEndpoint: string | undefined; readonly region: string; readonly bucket: string; readonly accessKeyId: string; readonly secretAccessKey: string; readonly forcePathStyle: boolean };
  readonly index: { readonly url: string; readonly apiKey: string | undefined; readonly alias: string; /** With a collection of their own. */ readonly dedicatedTenants: readonly string[]; readonly searching: { readonly effort: number | undefined; readonly oversampling: number; readonly consistency: string | undefined } };
  /** When the index is made anew, and how long the one before is kept. */
  readonly lifecycle: { readonly compaction: CompactionThresholds; readonly layout: IndexLayout; readonly graceMs: number };
  /** Undefined: there are none. */
  readonly backup: BackupConfig | undefined;
  readonly temporal: Required<Pick<ClientConnectConfig, 'connectionOptions'>> & {
    readonly namespaces: { /** Of all tenants without one of their own. */ readonly common: string; /** By tenant. */ readonly own: Readonly<Record<string, string>> };
    /** Of the Web UI. */
    readonly uiOrigins: readonly string[];
  };
  /** Who workflows act for; the first key signs. */
  readonly principals: { readonly keys: readonly NamedKey[]; readonly acceptUnsigned: boolean };
  /** Of what Temporal stores; the first key encrypts where it is on, all decrypt. */
  readonly payloads: { readonly encrypt: boolean; readonly keys: readonly NamedKey[] };
  /** Of redacted personal data that can be brought back; undefined: there is none. The first key encrypts, all decrypt. */
  readonly vault: { readonly keys: readonly NamedKey[]; /** Entries are named by it. */ readonly nameKey: Uint8Array } | undefined;
  readonly embedding: EmbeddingConfig;
  /** A second model, which the index can be changed to, or was changed from. */
  readonly nextEmbedding: EmbeddingConfig | undefined;
  /** What the embedding endpoint allows all processes together. */
  readonly embeddingLimits: { readonly concurrency?: number; readonly perMinute?: number };
  /** Of search; 0 bytes: nothing is kept. */
  readonly caching: { readonly bytes: number; readonly redisUrl: string | undefined };
  readonly search: { readonly defaultRerank: RerankerName };
  /** Part of all queries that are kept. */
  readonly querySample: number;
  /** Undefined: results keep the fused order. */
  readonly reranking: RerankingConfig | undefined;
  readonly firecrawl: FirecrawlConfig | undefined;
  readonly fetching: { readonly userAgent: string; readonly timeoutMs: number; readonly allowPrivateAddresses: boolean; /** Undefined: any. */ readonly ports: readonly number[] | undefined };
  /** Requests a minute. */
  readonly rateLimits: Readonly<Record<RateHolder, TenantTable<RateClass>>>;
  readonly quotas: TenantTable<QuotaName>;
  readonly budgets: TenantTable<BudgetLevel>;
  readonly prices: Prices;
  /** Buckets to import from, by tenant; "*" stands for all. */
  readonly importing: {
    readonly buckets: Readonly<Record<string, readonly string[]>>;
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly forcePathStyle: boolean;
    /** Never imported from. */
    readonly artifactBucket: string;
  };
  readonly parsing: { readonly threads: number; readonly timeoutSeconds: number; readonly pageTimeoutSeconds: number; readonly memoryMegabytes: number };
  /** Undefined: switched off. */
  readonly recognition: { readonly program: string; readonly languages: string; readonly mostPages: number; readonly pageTimeoutSeconds: number } | undefined;
  readonly ingestion: {
    readonly maximumDocumentBytes: number;
    readonly chunking: ChunkingSettings;
    /** Undefined: documents are cut in one way. */
    readonly nextChunking: ChunkingSettings | undefined;
    readonly window: number;
    readonly sliceDocuments: number;
    readonly sliceBytes: number;
    readonly tenantFetches: number;
    readonly quarantine: RiskLevel | 'off';
    readonly redact: readonly PersonalDataKind[];
    readonly auditGraceMs: number;
  };
}

export interface BackupConfig {
  /** Of the backup bucket. */
  readonly store: { readonly endpoint: string; readonly region: string; readonly bucket: string; readonly accessKeyId: string; readonly secretAccessKey: string; readonly forcePathStyle: boolean };
  /** By a role that reads past row-level security. */
  readonly databaseUrl: string;
  readonly keep: { readonly days: number; readonly least: number };
  /** Within so many days one is read through; 0: never. */
  readonly verifyDays: number;
  /** Whether the vector database's own copy is kept too. */
  readonly snapshots: boolean;
}

export interface FirecrawlConfig {
  readonly apiKey: string | undefined;
  readonly apiUrl: string | undefined;
  /** Of the account, across all processes; undefined: not known. */
  readonly limits: { readonly browsers: number | undefined; readonly scrapesPerMinute: number | undefined; readonly crawlsPerMinute: number | undefined };
  /** Undefined: jobs there are only polled. */
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  readonly stalledAfterMs: number;
}

export type EmbeddingConfig =
  | { readonly provider: 'onnx'; readonly modelDirectory: string; readonly threads: number; readonly tokenVectors: boolean }
  | { readonly provider: 'stub'; readonly modelDirectory: string; readonly dimension: number }
  | {
      readonly provider: 'openai';
      /** Folder of the tokenizer that counts; undefined: an estimate by characters. */
      readonly modelDirectory: string | undefined;
      readonly baseUrl: string;
      readonly apiKey: string | undefined;
      readonly model: string;
      readonly dimension: number;
      readonly tokenLimit: number;
    };

export type RerankingConfig = {
  readonly model: string;
  /** Time that it may add to a search. */
  readonly timeoutMs: number;
  /** Most results that are reranked. */
  readonly candidates: number;
} & (
  | { readonly provider: 'cohere' | 'endpoint' | 'tei' | 'judge'; /** Without `/rerank` or `/chat/completions`. */ readonly baseUrl: string; readonly apiKey: string | undefined }
  | { readonly provider: 'cross-encoder'; readonly modelDirectory: string; readonly threads: number }
);
