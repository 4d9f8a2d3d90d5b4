import { describe, expect, it } from 'vitest';
import { collectionSettings } from '../../../../src/adapters/qdrant/collectionSchema.ts';
import { denseParameters } from '../../../../src/adapters/qdrant/reading.ts';
import { settingsOfBefore } from '../../../../src/contracts/indexSettings.ts';
import { contract as base } from '../../../contract/index/indexServer.ts';

const contract = { ...base, dimension: 1_024 };

/** Requests as Qdrant's API documents them, for what the development server does not do or does not show. */
describe('a collection is asked for', () => {
  it('with a graph for each tenant, which is built for what outgrows exact search', () => {
    expect(collectionSettings(contract, 'dense', { ...settingsOfBefore, exactPoints: 10_000 })).toMatchObject({
      vectors: { dense: { size: 1_024, distance: 'Dot' } },
      // Kilobytes of vectors: 10,000 of 4,096 bytes.
      hnsw_config: { m: 0, payload_m: 16, full_scan_threshold: 40_000 },
      optimizers_config: { indexing_threshold: 40_000 },
    });
  });

  it('without what is not wished for', () => {
    const settings = collectionSettings(contract, 'dense', settingsOfBefore);
    expect(Object.keys(settings).sort()).toEqual(['hnsw_config', 'metadata', 'on_disk_payload', 'sparse_vectors', 'vectors']);
    expect(settings.hnsw_config).toEqual({ m: 0, payload_m: 16 });
  });

  it('never with a threshold that Qdrant refuses or that would mean no graph at all', () => {
    expect(collectionSettings({ ...contract, dimension: 8 }, 'dense', { ...settingsOfBefore, exactPoints: 100 })).toMatchObject({ hnsw_config: { full_scan_threshold: 10 }, optimizers_config: { indexing_threshold: 10 } });
  });

  it('with quantised vectors in memory, and those as they are on disk', () => {
    expect(collectionSettings(contract, 'dense', { ...settingsOfBefore, quantisation: 'scalar' }).quantization_config).toEqual({ scalar: { type: 'int8', quantile: 0.99, always_ram: true } });
    const largest = collectionSettings(contract, 'dense', { ...settingsOfBefore, quantisation: 'binary', vectorsOnDisk: true });
    expect(largest.quantization_config).toEqual({ binary: { always_ram: true } });
    expect(largest.vectors).toMatchObject({ dense: { on_disk: true } });
  });

  it('spread over a cluster', () => {
    expect(collectionSettings(contract, 'dense', { ...settingsOfBefore, shards: 6, replicas: 3, writeReplicas: 2 })).toMatchObject({ shard_number: 6, replication_factor: 3, write_consistency_factor: 2 });
  });
});

describe('a search asks', () => {
  it('for the best of quantised vectors to be compared anew, and for as much effort as it is told', () => {
    expect(denseParameters({ oversampling: 2 })).toBe(',"params":{"quantization":{"rescore":true,"oversampling":2}}');
    expect(denseParameters({ oversampling: 1.5, effort: 256 })).toBe(',"params":{"hnsw_ef":256,"quantization":{"rescore":true,"oversampling":1.5}}');
    expect(denseParameters(undefined)).toBe('');
  });
});
