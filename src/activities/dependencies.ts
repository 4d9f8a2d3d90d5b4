import type { ChunkingSettings } from '../contracts/chunks.ts';
import type { Prices } from '../contracts/estimate.ts';
import type { EventSink } from '../contracts/events.ts';
import type { PersonalDataKind } from '../contracts/personalData.ts';
import type { RiskLevel } from '../contracts/risk.ts';
import type { ArtifactStore } from '../ports/artifactStore.ts';
import type { ConsistencyRegistry } from '../ports/consistencyRegistry.ts';
import type { DeletionRegistry } from '../ports/deletionRegistry.ts';
import type { DiscoveryRegistry } from '../ports/discoveryRegistry.ts';
import type { DocumentParser } from '../ports/documentParser.ts';
import type { DocumentRegistry } from '../ports/documentRegistry.ts';
import type { DryRunContent } from '../ports/dryRunContent.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { IndexAudit } from '../ports/indexAudit.ts';
import type { GenerationIndex } from '../ports/generationIndex.ts';
import type { GenerationRegistry } from '../ports/generationRegistry.ts';
import type { GenerationSearches } from '../ports/generationSearches.ts';
import type { JobRegistry } from '../ports/jobRegistry.ts';
import type { JobSteering } from '../ports/jobSteering.ts';
import type { Library } from '../ports/library.ts';
import type { QuerySamples } from '../ports/querySamples.ts';
import type { RateLimiter } from '../ports/rateLimiter.ts';
import type { SearchSettingsRegistry } from '../ports/searchSettingsRegistry.ts';
import type { SourceDiscovery } from '../ports/sourceDiscovery.ts';
import type { SourceReader } from '../ports/sourceReader.ts';
import type { SourceRegistry } from '../ports/sourceRegistry.ts';
import type { SourceSchedules } from '../ports/sourceSchedules.ts';
import type { StageOutputs } from '../ports/stageOutputs.ts';
import type { SweepRegistry } from '../ports/sweepRegistry.ts';
import type { TenantPolicies } from '../ports/tenantPolicies.ts';
import type { Tokenizer } from '../ports/tokenizer.ts';
import type { Vault } from '../ports/vault.ts';
import type { VectorIndex } from '../ports/vectorIndex.ts';
import type { RestoreRegistry } from '../ports/registryBackup.ts';
import type { BackupMeans } from './backups/backupMeans.ts';
import type { EmbeddingModels } from './embedding/embeddingModels.ts';
import type { LifecycleSettings } from './generations/lifecycleSettings.ts';

export interface IngestionSettings {
  readonly maximumDocumentBytes: number;
  readonly chunking: ChunkingSettings;
  /** How documents are cut where the index was cut anew in this way, and how a recut cuts; undefined: as above. */
  readonly nextChunking?: ChunkingSettings | undefined;
  readonly sliceDocuments: number;
  readonly sliceBytes: number;
  /** Units of a job in work at once. */
  readonly window: number;
  /** Pages, and steps of reading a source, of one tenant at once, in all processes together. */
  readonly tenantFetches: number;
  /** Least risk of passages that are kept from search, where the tenant does not say. */
  readonly quarantine: RiskLevel | 'off';
  /** Personal data that is not indexed, where the tenant does not say. */
  readonly redact: readonly PersonalDataKind[];
  /** What nothing refers to is no fault before it is this old: work under way names what it makes only when a step ends. */
  readonly auditGraceMs: number;
}

/** Everything that activities need from outside; the worker's composition root fills it in. */
export interface ActivityDependencies {
  readonly jobs: JobRegistry;
  readonly steering: JobSteering;
  readonly discoveries: DiscoveryRegistry;
  readonly registeredSources: SourceRegistry;
  readonly schedules: Pick<SourceSchedules, 'remove'>;
  readonly policies: TenantPolicies;
  readonly deletions: DeletionRegistry;
  readonly sweeps: SweepRegistry;
  readonly searchSettings: Pick<SearchSettingsRegistry, 'read'>;
  /** Undefined: what is redacted cannot be brought back. */
  readonly vault: Vault | undefined;
  readonly library: Library;
  readonly dryRunContent: DryRunContent;
  readonly documents: DocumentRegistry;
  readonly stageOutputs: StageOutputs;
  readonly artifacts: ArtifactStore;
  readonly sources: SourceReader;
  readonly discovery: SourceDiscovery;
  readonly limiter: RateLimiter;
  readonly parser: DocumentParser;
  readonly tokenizer: Tokenizer;
  /** Of what is done for documents: the one that the index is made by. */
  readonly embedder: Embedder;
  readonly models: EmbeddingModels;
  readonly index: VectorIndex;
  /** The Temporal namespace in which the work of a tenant runs. */
  readonly namespaceOf: (tenant: string) => string;
  readonly indexAudit: IndexAudit;
  readonly consistency: ConsistencyRegistry;
  readonly generations: GenerationRegistry;
  readonly generationIndex: GenerationIndex;
  readonly generationSearches: GenerationSearches;
  readonly querySamples: QuerySamples;
  readonly prices: Pick<Prices, 'perMillionTokens'>;
  readonly lifecycle: LifecycleSettings;
  /** Undefined: no backups are configured. */
  readonly backups: BackupMeans | undefined;
  readonly restores: RestoreRegistry;
  readonly emit: EventSink;
  readonly settings: IngestionSettings;
}
