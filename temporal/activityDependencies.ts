import type { ActivityDependencies } from '../src/activities/dependencies.ts';
import { createEmbeddingModels } from '../src/activities/embedding/embeddingModels.ts';
import { createConfiguredTokenizer } from '../src/adapters/embedding/configuredTokenizer.ts';
import { createLimitedEmbedder } from '../src/adapters/embedding/limitedEmbedder.ts';
import { createTesseractRecogniser } from '../src/adapters/ocr/tesseractRecogniser.ts';
import { createParserPool } from '../src/adapters/parser/parserPool.ts';
import type { Database } from '../src/adapters/postgres/database.ts';
import { createRegistryDumper } from '../src/adapters/postgres/backup/registryDumper.ts';
import { createRestoreRegistry } from '../src/adapters/postgres/backup/restoreRegistry.ts';
import { createConsistencyRegistry } from '../src/adapters/postgres/consistency/consistencyRegistry.ts';
import { createDeletionRegistry } from '../src/adapters/postgres/deletions/deletionRegistry.ts';
import { createDiscoveryRegistry } from '../src/adapters/postgres/sources/discoveryRegistry.ts';
import { createDocumentRegistry } from '../src/adapters/postgres/documents/documentRegistry.ts';
import { createDryRunContent } from '../src/adapters/postgres/jobs/dryRunContent.ts';
import { createGenerationRegistry } from '../src/adapters/postgres/generations/generationRegistry.ts';
import { createJobRegistry } from '../src/adapters/postgres/jobs/jobRegistry.ts';
import { createJobSteering } from '../src/adapters/postgres/jobs/jobSteering.ts';
import { createLibrary } from '../src/adapters/postgres/documents/library.ts';
import { createRateLimiter } from '../src/adapters/postgres/limits/rateLimiter.ts';
import { createSearchSettingsRegistry } from '../src/adapters/postgres/settings/searchSettingsRegistry.ts';
import { createSourceRegistry } from '../src/adapters/postgres/sources/sourceRegistry.ts';
import { createStageOutputs } from '../src/adapters/postgres/documents/stageOutputs.ts';
import { createSweepRegistry } from '../src/adapters/postgres/sweeps/sweepRegistry.ts';
import { namespaceOf } from '../src/adapters/temporal/connection.ts';
import { createGenerationIndex } from '../src/adapters/qdrant/generationIndex.ts';
import { createIndexSnapshots } from '../src/adapters/qdrant/snapshots.ts';
import { createObjectBucket } from '../src/adapters/s3/s3ObjectBucket.ts';
import { createTenantPolicies } from '../src/adapters/postgres/tenants/tenantPolicies.ts';
import { createVault } from '../src/adapters/postgres/vault/vault.ts';
import { createQuerySamples } from '../src/adapters/postgres/generations/querySamples.ts';
import type { Config } from '../src/config/config.ts';
import type { Embedder } from '../src/ports/embedder.ts';
import type { IndexAudit } from '../src/ports/indexAudit.ts';
import type { RateLimiter } from '../src/ports/rateLimiter.ts';
import type { ServingContract } from '../src/ports/servingContract.ts';
import type { VectorIndex } from '../src/ports/vectorIndex.ts';
import { numbersOf } from '../src/config/tenantTable.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { BackupMeans } from '../src/activities/backups/backupMeans.ts';
import { createGenerationSearches } from '../src/retrieval/generationSearches.ts';
import { createSources } from './sources.ts';

/** What the process has for itself anyway. */
type Shared = Pick<ActivityDependencies, 'artifacts' | 'schedules' | 'emit'> & { readonly database: Database; readonly index: VectorIndex & IndexAudit & { readonly serving: ServingContract }; readonly models: readonly [Embedder, ...Embedder[]] };

export interface ActivityParts {
  readonly dependencies: ActivityDependencies;
  /** Ends what was made here, not what is shared. */
  close(): Promise<void>;
}

/** What the steps of ingestion need, in whichever process they run. */
export async function createActivityParts(config: Config, { database, models, ...shared }: Shared): Promise<ActivityParts> {
  const recogniser = config.recognition === undefined ? undefined : await createTesseractRecogniser(config.recognition);
  const parser = createParserPool({ ...config.parsing, recogniser });
  const limiter = createRateLimiter(database);
  const sources = createSources(config, limiter);
  const { prices } = config;
  const backups = createBackups(config);
  const embedding = createModels(config, limiter, models, shared.index.serving);
  const generationIndex = createGenerationIndex({ ...config.index, requestTimeoutMs: 60_000 });
  return {
    dependencies: {
      ...shared,
      indexAudit: shared.index,
      consistency: createConsistencyRegistry(database),
      ...embedding,
      generationSearches: createGenerationSearches({ generationIndex, models: embedding.models }),
      querySamples: createQuerySamples(database),
      prices,
      limiter,
      jobs: createJobRegistry(database, { prices, tenantBudgets: { budgetOf: (tenant) => numbersOf(config.budgets, tenant) ?? {}, emit: shared.emit } }),
      steering: createJobSteering(database),
      discoveries: createDiscoveryRegistry(database),
      registeredSources: createSourceRegistry(database),
      policies: createTenantPolicies(database),
      deletions: createDeletionRegistry(database),
      sweeps: createSweepRegistry(database),
      searchSettings: createSearchSettingsRegistry(database),
      library: createLibrary(database, { prices }),
      dryRunContent: createDryRunContent(database),
      vault: createVault(database, config.vault),
      documents: createDocumentRegistry(database),
      stageOutputs: createStageOutputs(database),
      sources: sources.reader,
      discovery: sources.discovery,
      parser,
      tokenizer: createConfiguredTokenizer(config.embedding),
      namespaceOf: (tenant) => namespaceOf(config.temporal.namespaces, tenant),
      generations: createGenerationRegistry(database),
      generationIndex,
      settings: config.ingestion,
      lifecycle: config.lifecycle,
      backups: backups?.means,
      restores: createRestoreRegistry(database),
    },
    async close() {
      await Promise.all([parser.close(), sources.close(), generationIndex.close(), backups?.close()]);
      limiter.close();
    },
  };
}

/** A snapshot of a large collection takes its time, and so does reading it. */
const snapshotTimeoutMs = 3_600_000;

function createBackups({ backup, artifacts, index }: Config): { readonly means: BackupMeans; close(): Promise<void> } | undefined {
  if (backup === undefined) return undefined;
  const dumper = createRegistryDumper(backup.databaseUrl);
  const snapshots = backup.snapshots ? createIndexSnapshots({ ...index, requestTimeoutMs: snapshotTimeoutMs }) : undefined;
  return {
    means: { artifactBucket: createObjectBucket(artifacts), bucket: createObjectBucket(backup.store), dumper, snapshots, keep: backup.keep, verifyDays: backup.verifyDays, release: packageFile.version },
    async close() {
      await Promise.all([dumper.close(), snapshots?.close()]);
    },
  };
}

function createModels({ embeddingLimits }: Config, limiter: RateLimiter, models: readonly [Embedder, ...Embedder[]], serving: ServingContract): Pick<ActivityDependencies, 'embedder' | 'models'> {
  const limited = (embedder: Embedder): Embedder => (Object.keys(embeddingLimits).length === 0 ? embedder : createLimitedEmbedder(embedder, limiter, embeddingLimits));
  const [first, ...others] = models;
  const all = [limited(first), ...others.map(limited)] as const satisfies readonly [Embedder, ...Embedder[]];
  return { embedder: all[0], models: createEmbeddingModels(all, serving) };
}
