import type { EventSink } from '../contracts/events.ts';
import type { IndexOverview } from '../contracts/generations.ts';
import type { JobScope } from '../contracts/ingestion.ts';
import type { Principal } from '../contracts/principal.ts';
import type { ReplayResponse, SearchReceipt } from '../contracts/receipts.ts';
import type { DebugSearchRequest, DebugSearchResponse, SearchRequest, SearchResponse, SimilarRequest } from '../contracts/search.ts';
import type { SuggestQuery, SuggestResponse } from '../contracts/suggest.ts';
import type { Prices } from '../contracts/estimate.ts';
import type { AuditLog } from '../ports/auditLog.ts';
import type { ApiKeyRegistry } from '../ports/apiKeyRegistry.ts';
import type { ArtifactStore } from '../ports/artifactStore.ts';
import type { ConsistencyRegistry } from '../ports/consistencyRegistry.ts';
import type { DeletionRegistry } from '../ports/deletionRegistry.ts';
import type { HealthCheck } from '../ports/healthCheck.ts';
import type { IdempotencyRegistry } from '../ports/idempotencyRegistry.ts';
import type { BackupWork } from '../ports/backupWork.ts';
import type { IndexChanges } from '../ports/indexChanges.ts';
import type { JobRegistry } from '../ports/jobRegistry.ts';
import type { JobReports } from '../ports/jobReports.ts';
import type { JobSteering } from '../ports/jobSteering.ts';
import type { ObjectBucket } from '../ports/objectBucket.ts';
import type { RestoreRegistry } from '../ports/registryBackup.ts';
import type { PlatformSchedules } from '../ports/platformSchedules.ts';
import type { Library } from '../ports/library.ts';
import type { SearchSettingsRegistry } from '../ports/searchSettingsRegistry.ts';
import type { PayloadCrypt } from '../ports/payloadCrypt.ts';
import type { SourceRegistry } from '../ports/sourceRegistry.ts';
import type { SourceSchedules } from '../ports/sourceSchedules.ts';
import type { SweepRegistry } from '../ports/sweepRegistry.ts';
import type { SynonymRegistry } from '../ports/synonymRegistry.ts';
import type { TenantRegistry } from '../ports/tenantRegistry.ts';
import type { UsageLedger } from '../ports/usageLedger.ts';
import type { UploadRegistry } from '../ports/uploadRegistry.ts';
import type { Vault } from '../ports/vault.ts';
import type { WebhookVerifier } from '../ports/webhookVerifier.ts';
import type { WorkflowStarter } from '../ports/workflowStarter.ts';
import type { WorkOutbox } from '../ports/workOutbox.ts';
import type { AuditRecorder } from './audit/auditRecorder.ts';
import type { AdmitWork } from './quotas/admitWork.ts';
import type { SearchQuota } from './quotas/searchQuota.ts';
import type { LimitRate } from './callerRuleTypes.ts';
import type { UsageMeter } from './usage/usageMeter.ts';
import type { TenantStandings } from './tenants/tenantStandings.ts';
import type { RequestGate } from './overload/requestGate.ts';
import type { Labelling } from './documents/labelling.ts';
import type { Authenticator } from './authentication/createAuthenticator.ts';

export interface ApiLimits {
  /** Bytes of a JSON request body, after decompression. */
  readonly maximumRequestBytes: number;
  /** Bytes of one uploaded file. */
  readonly maximumUploadBytes: number;
  /** Bytes of one document that may be ingested, whatever its source. */
  readonly maximumDocumentBytes: number;
  /** Longest life of a link to an artifact. */
  readonly linkSeconds: number;
}

/** All the API needs; made by the composition root. */
export interface ApiDependencies {
  readonly authenticator: Authenticator;
  readonly apiKeys: ApiKeyRegistry;
  readonly audit: AuditRecorder;
  readonly tenants: TenantRegistry;
  readonly tenantStandings: Pick<TenantStandings, 'admit' | 'policyOf'>;
  readonly auditLog: Pick<AuditLog, 'list' | 'readChain'>;
  /** Proxies in front of the API whose X-Forwarded-For is believed. */
  readonly trustedProxies: number;
  readonly idempotency: IdempotencyRegistry;
  readonly limitRate: LimitRate;
  readonly admitWork: AdmitWork;
  readonly searchQuota: Pick<SearchQuota, 'read'>;
  readonly usageMeter: Pick<UsageMeter, 'count'>;
  readonly usage: Pick<UsageLedger, 'read'>;
  readonly search: (principal: Principal, request: SearchRequest) => Promise<SearchResponse>;
  readonly debugSearch: (principal: Principal, request: DebugSearchRequest) => Promise<DebugSearchResponse>;
  readonly similarSearch: (principal: Principal, request: SimilarRequest) => Promise<SearchResponse>;
  readonly replaySearch: (principal: Principal, receipt: SearchReceipt) => Promise<ReplayResponse>;
  /** Before all routes that search: they share what the process gets through in good time. */
  readonly searchGate: RequestGate;
  readonly suggest: (principal: Principal, query: SuggestQuery) => Promise<SuggestResponse>;
  readonly synonyms: SynonymRegistry;
  readonly searchSettings: SearchSettingsRegistry;
  /** Whether documents may get codes of their tokens: the deployment has them on, and its embedder gives them. */
  readonly keepsTokenVectors: boolean;
  /** Whether the deployment has a model to rerank by. */
  readonly reranksByModel: boolean;
  /** Undefined: what is redacted cannot be brought back. */
  readonly vault: Pick<Vault, 'reveal'> | undefined;
  readonly jobs: Pick<JobRegistry, 'accept' | 'find' | 'listDocuments' | 'listEvents'>;
  readonly steering: JobSteering;
  readonly reports: JobReports;
  readonly uploads: UploadRegistry;
  readonly sources: SourceRegistry;
  readonly schedules: SourceSchedules;
  readonly payloadCrypt: PayloadCrypt;
  readonly library: Library;
  readonly labelling: Labelling;
  readonly deletions: Pick<DeletionRegistry, 'accept' | 'acceptAgain' | 'find' | 'list'>;
  readonly sweeps: Pick<SweepRegistry, 'readRetention' | 'writeRetention' | 'changeRetention' | 'accept' | 'find' | 'list'>;
  readonly consistency: Pick<ConsistencyRegistry, 'accept' | 'find' | 'list' | 'listFaults'>;
  readonly readIndex: () => Promise<IndexOverview>;
  readonly indexChanges: IndexChanges;
  /** Where backups lie; undefined: they are not configured. */
  readonly backupBucket: ObjectBucket | undefined;
  readonly backupWork: BackupWork;
  readonly restores: Pick<RestoreRegistry, 'list'>;
  readonly platformSchedules: Omit<PlatformSchedules, 'ensure'>;
  readonly artifacts: Pick<ArtifactStore, 'putAll' | 'putStream' | 'describe' | 'deleteObjects' | 'openStream' | 'link'>;
  readonly workflowStarter: WorkflowStarter;
  readonly outbox: WorkOutbox;
  /** Proves deliveries of Firecrawl; undefined where no secret is configured. */
  readonly firecrawlWebhooks: WebhookVerifier | undefined;
  readonly healthChecks: readonly HealthCheck[];
  readonly emit: EventSink;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  /** Ingests an accepted job of one document in this process; undefined in production. */
  readonly ingestInProcess: ((scope: JobScope) => Promise<void>) | undefined;
  readonly limits: ApiLimits;
  readonly prices: Prices;
  /** Origins whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  /** Of the Temporal Web UI: its pages may ask the codec. */
  readonly webUiOrigins: readonly string[];
  /** Whether documents may name literal private or local addresses; off in production. */
  readonly allowPrivateAddresses: boolean;
  /** Whether the operator has opened a bucket to a tenant for import. */
  readonly isBucketOpen: (tenant: string, bucket: string) => boolean;
  /** Read anew at each /startupz: set once all that must happen before the first request is done. */
  readonly startup: { readonly ready: boolean };
  /** Aborted when the process begins to stop: event streams end, readiness turns off, connections are not kept. */
  readonly stopping: AbortSignal;
}
