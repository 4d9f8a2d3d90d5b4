import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { ChunkSearch } from '../../ports/chunkSearch.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import type { IndexAudit } from '../../ports/indexAudit.ts';
import type { ServingContract } from '../../ports/servingContract.ts';
import type { VectorIndex } from '../../ports/vectorIndex.ts';
import type { Vocabulary } from '../../ports/vocabulary.ts';
import { createAuditing } from './auditing.ts';
import { refuseDevelopmentServer } from './developmentServer.ts';
import { prepareGeneration } from './generation.ts';
import { createHealthCheck } from './health.ts';
import type { QdrantIndexOptions } from './options.ts';
import { createPlacements } from './placements.ts';
import { preparePlacements } from './preparePlacements.ts';
import { createReading } from './reading.ts';
import { createRestClient } from './restClient.ts';
import { createServingVectors } from './servingVectors.ts';
import { createVocabulary } from './vocabulary.ts';
import { createWriting } from './writing.ts';

export interface QdrantIndex extends VectorIndex, ChunkSearch, Vocabulary, IndexAudit, HealthCheck {
  /** Searches that come with vectors of this contract; they throw INDEX_MOVED while the index serves others. */
  searchBy(contract: EmbeddingContract): ChunkSearch;
  readonly serving: ServingContract;
  /** Closes the connections; requests under way end first. */
  close(): Promise<void>;
}

/** The index in Qdrant, behind its ports. Nothing is sent before the first call. */
export function createQdrantIndex(options: QdrantIndexOptions): QdrantIndex {
  const client = createRestClient(options);
  const placements = createPlacements(options.alias, options.dedicatedTenants);
  const serving = createServingVectors(client, placements);
  const searchBy = (contract: EmbeddingContract): ChunkSearch => createReading(client, serving, { placements, contract, statisticsPerTenant: options.statisticsPerTenant ?? true });
  return {
    ...createWriting(client, options, placements),
    ...searchBy(options.contract),
    searchBy,
    serving: { known: async (tenant) => (await serving.known(tenant)).fingerprint, refresh: async (tenant) => (await serving.refresh(tenant)).fingerprint },
    ...createVocabulary(client, placements),
    ...createAuditing(client, serving, options, placements),
    ...createHealthCheck(client, options, placements),
    async prepare() {
      if (options.refuseDevelopmentServer === true) await refuseDevelopmentServer(client);
      await prepareGeneration(client, options);
      await preparePlacements(client, options, placements);
    },
    close: () => client.close(),
  };
}
