import type { Schemas } from '@qdrant/js-client-rest';
import { codeSystemNames } from '../../contracts/codes/codeSystems.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import type { IndexSettings } from '../../contracts/indexSettings.ts';
import type { Recut } from '../../contracts/recut.ts';
import { sparseVersion } from '../../retrieval/sparse/sparseVector.ts';
import { codesField, indexFields } from '../../tenancy/indexFields.ts';

/** Of an index that was made by a start. */
export const firstDenseVector = 'dense';
export const sparseVector = 'sparse';

/** Of an index that was made for another contract than served before: a query of one model never meets vectors of the other. */
export function denseVectorOf(contract: EmbeddingContract): string {
  return `${firstDenseVector}_${contractFingerprint(contract)}`;
}

/** A generation is named after its contract, so that another contract can never meet its vectors. */
export function generationName(alias: string, contract: EmbeddingContract): string {
  return `${alias}_${contractFingerprint(contract)}`;
}

/** What a generation is made with besides its contract, as its record keeps it. */
export function generationSettings(settings: IndexSettings): Record<string, unknown> {
  return { ...settings, sparse: sparseVersion };
}

/**
 * The contract stands in the metadata, where a start can compare it with its own, and so do the constants of BM25 and the settings that it was
 * made with. Qdrant itself keeps to what is small: below the two thresholds a segment gets no graph, and a tenant is searched point by point.
 */
export function collectionSettings(contract: EmbeddingContract, denseVector: string, settings: IndexSettings, recut: Recut | null = null): Schemas['CreateCollection'] {
  const { links, tenantLinks, exactPoints, quantisation, vectorsOnDisk, shards, replicas, writeReplicas } = settings;
  const exactKilobytes = Math.max(leastKilobytes, Math.ceil((exactPoints * contract.dimension * Float32Array.BYTES_PER_ELEMENT) / 1_024));
  return {
    vectors: { [denseVector]: { size: contract.dimension, distance: contract.normalised ? 'Dot' : 'Cosine', ...(vectorsOnDisk ? { on_disk: true } : {}) } },
    sparse_vectors: { [sparseVector]: { modifier: 'idf' } },
    hnsw_config: { m: links, payload_m: tenantLinks, ...(exactPoints === 0 ? {} : { full_scan_threshold: exactKilobytes }) },
    ...(exactPoints === 0 ? {} : { optimizers_config: { indexing_threshold: exactKilobytes } }),
    ...(quantisation === 'none' ? {} : { quantization_config: quantisation === 'scalar' ? { scalar: { type: 'int8', quantile: 0.99, always_ram: true } } : { binary: { always_ram: true } } }),
    on_disk_payload: true,
    ...(shards === null ? {} : { shard_number: shards }),
    ...(replicas === null ? {} : { replication_factor: replicas }),
    ...(writeReplicas === null ? {} : { write_consistency_factor: writeReplicas }),
    metadata: { embeddingContract: contract, fingerprint: contractFingerprint(contract), denseVector, sparse: sparseVersion, settings, ...(recut === null ? {} : { recut }) },
  };
}

/** Qdrant refuses a smaller one; of the other 0 would mean that no graph is ever built. */
const leastKilobytes = 10;

/** Only the tenant's index carries graph links (`enable_hnsw`); the others serve filters and facets. `prefix` serves filters by how a text begins. */
export const payloadIndexes: readonly (readonly [field: string, schema: Schemas['PayloadSchemaParams']])[] = [
  [indexFields.tenant, { type: 'keyword', is_tenant: true }],
  [indexFields.document, { type: 'uuid', enable_hnsw: false }],
  [indexFields.version, { type: 'uuid', enable_hnsw: false }],
  [indexFields.sequence, { type: 'integer', lookup: false, range: true, enable_hnsw: false }],
  [indexFields.visible, { type: 'bool', enable_hnsw: false }],
  [indexFields.visibleFrom, { type: 'integer', lookup: false, range: true, enable_hnsw: false }],
  [indexFields.visibleUntil, { type: 'integer', lookup: false, range: true, enable_hnsw: false }],
  [indexFields.tags, { type: 'keyword', enable_hnsw: false }],
  [indexFields.policies, { type: 'keyword', enable_hnsw: false }],
  [indexFields.tier, { type: 'keyword', enable_hnsw: false }],
  [indexFields.sourceType, { type: 'keyword', enable_hnsw: false }],
  [indexFields.sourceLocation, { type: 'keyword', prefix: true, enable_hnsw: false }],
  [indexFields.sourceHost, { type: 'keyword', enable_hnsw: false }],
  [indexFields.languages, { type: 'keyword', enable_hnsw: false }],
  [indexFields.riskLevel, { type: 'keyword', enable_hnsw: false }],
  [indexFields.riskKinds, { type: 'keyword', enable_hnsw: false }],
  [indexFields.ingestedAt, { type: 'datetime', enable_hnsw: false }],
  [indexFields.words, { type: 'keyword', prefix: true, enable_hnsw: false }],
  [indexFields.labels, { type: 'keyword', prefix: true, enable_hnsw: false }],
  [indexFields.metadataTerms, { type: 'keyword', prefix: true, enable_hnsw: false }],
  [indexFields.metadataKeys, { type: 'keyword', enable_hnsw: false }],
  ...codeSystemNames.map((system) => [codesField(system), { type: 'keyword', enable_hnsw: false }] as const),
];
