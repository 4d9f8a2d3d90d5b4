import type { Schemas } from '@qdrant/js-client-rest';
import { codeSystemNames } from '../../contracts/codes/codeSystems.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
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

const common = { sparse_vectors: { [sparseVector]: { modifier: 'idf' } }, hnsw_config: { m: 0, payload_m: 16 }, on_disk_payload: true } as const satisfies Partial<Schemas['CreateCollection']>;

/** What a generation is made with besides its contract, as its record keeps it. */
export function generationSettings(): Record<string, unknown> {
  return { ...common, sparse: sparseVersion };
}

/**
 * Every search is one tenant's: one graph a tenant (`payload_m`) and none over all (`m: 0`), as Qdrant advises. The contract
 * stands in the metadata, where a start can compare it with its own, and so do the constants of BM25 that it was made with.
 */
export function collectionSettings(contract: EmbeddingContract, denseVector: string): Schemas['CreateCollection'] {
  return {
    vectors: { [denseVector]: { size: contract.dimension, distance: contract.normalised ? 'Dot' : 'Cosine' } },
    ...common,
    metadata: { embeddingContract: contract, fingerprint: contractFingerprint(contract), denseVector, sparse: sparseVersion },
  };
}

/** Only the tenant's index carries graph links (`enable_hnsw`); the others serve filters and facets. `prefix` serves filters by how a text begins. */
export const payloadIndexes: readonly (readonly [field: string, schema: Schemas['PayloadSchemaParams']])[] = [
  [indexFields.tenant, { type: 'keyword', is_tenant: true }],
  [indexFields.document, { type: 'uuid', enable_hnsw: false }],
  [indexFields.version, { type: 'uuid', enable_hnsw: false }],
  [indexFields.sequence, { type: 'integer', lookup: false, range: true, enable_hnsw: false }],
  [indexFields.visible, { type: 'bool', enable_hnsw: false }],
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
