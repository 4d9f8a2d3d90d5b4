import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { contractFingerprint } from '../../../src/contracts/embedding.ts';
import { contract, newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';

let server: IndexServer;
beforeAll(async () => {
  server = await startIndexServer();
});
afterAll(() => server.stop());

interface Collection {
  readonly config: { readonly params: { readonly vectors: object; readonly sparse_vectors: object }; readonly metadata: object };
  readonly payload_schema: Record<string, { readonly data_type: string; readonly params?: object }>;
}

describe('prepare', () => {
  test('makes a generation of the contract, with its indexes, behind the alias', async () => {
    const alias = newAlias();
    await server.open(alias).prepare();
    const { aliases } = (await server.send('GET', '/aliases')) as { aliases: { alias_name: string; collection_name: string }[] };
    expect(aliases).toContainEqual({ alias_name: alias, collection_name: `${alias}_${contractFingerprint(contract)}` });
    const { config, payload_schema } = (await server.send('GET', `/collections/${alias}`)) as Collection;
    expect(config.params.vectors).toMatchObject({ dense: { size: 8, distance: 'Dot' } });
    expect(config.params.sparse_vectors).toMatchObject({ sparse: { modifier: 'idf' } });
    expect(config.metadata).toMatchObject({ embeddingContract: contract, sparse: expect.stringContaining('"averageLength":120') as string });
    expect(Object.fromEntries(Object.entries(payload_schema).map(([field, { data_type }]) => [field, data_type]))).toEqual({
      tenant: 'keyword', document: 'uuid', version: 'uuid', sequence: 'integer', visible: 'bool', visibleFrom: 'integer', visibleUntil: 'integer', tags: 'keyword', policies: 'keyword', tier: 'keyword',
      'source.type': 'keyword', 'source.location': 'keyword', sourceHost: 'keyword', languages: 'keyword', riskLevel: 'keyword', riskKinds: 'keyword', ingestedAt: 'datetime', metadataTerms: 'keyword', metadataKeys: 'keyword', 'codes.icd-10': 'keyword', 'codes.icd-11': 'keyword', words: 'keyword', labels: 'keyword',
    });
    expect(payload_schema['tenant']?.params).toMatchObject({ is_tenant: true });
  });

  test('again, and by several processes at once, changes nothing and loses nothing', async () => {
    const alias = newAlias();
    const indexes = [server.open(alias), server.open(alias), server.open(alias)];
    await Promise.all(indexes.map((index) => index.prepare()));
    const written = version();
    await indexes[0]?.upsert(written.points);
    await indexes[1]?.prepare();
    expect(await indexes[2]?.countVersions('acme', [written])).toEqual([1]);
  });

  test('what a collection of an earlier version lacks is added, and its indexes learn what they could not', async () => {
    const alias = newAlias();
    const index = server.open(alias);
    await index.prepare();
    const written = version({ visible: true, payload: { metadata: { place: 'Heron Island' } } });
    await index.upsert(written.points);
    for (const field of ['codes.icd-10', 'sourceHost', 'metadataTerms']) await server.send('DELETE', `/collections/${alias}/index/${field}?wait=true`);
    await server.send('PUT', `/collections/${alias}/index?wait=true`, { field_name: 'metadataTerms', field_schema: { type: 'keyword' } });
    await server.open(alias).prepare();
    const { payload_schema } = (await server.send('GET', `/collections/${alias}`)) as Collection;
    expect(payload_schema['metadataTerms']?.params).toMatchObject({ prefix: true });
    expect(payload_schema).toHaveProperty(['codes.icd-10']);
    const { dense } = await index.queryLegs(principal('acme'), { metadata: { place: { prefix: 'Heron' } } }, { dense: unitVector(1), limit: 5 });
    expect(dense?.map(({ id }) => id)).toEqual([written.points[0]?.id]);
  });

  test('refuses the development server where it is told to, and only that one', async () => {
    const index = createQdrantIndex({ url: server.url, apiKey: process.env['QDRANT_API_KEY'], alias: newAlias(), contract, requestTimeoutMs: 30_000, refuseDevelopmentServer: true });
    const prepared = index.prepare();
    // A real Qdrant is given by QDRANT_URL.
    if (process.env['QDRANT_URL'] === undefined) await expect(prepared).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    else await prepared;
    await index.close();
  });

  test('goes on where an earlier start was cut off before the alias', async () => {
    const alias = newAlias();
    const index = server.open(alias);
    await index.prepare();
    await server.send('POST', '/collections/aliases', { actions: [{ delete_alias: { alias_name: alias } }] });
    await index.prepare();
    expect(await index.check(AbortSignal.timeout(5000))).toMatch(/^Qdrant \d+\./);
  });

  test('another contract behind the alias is refused, and both are printed', async () => {
    const alias = newAlias();
    await server.open(alias).prepare();
    const other = server.open(alias, { ...contract, model: 'another-model', dimension: 16 });
    const refusal = { code: 'EMBEDDING_CONTRACT_MISMATCH', message: expect.stringMatching(/contract-suite.*another-model/s) as string };
    await expect(other.prepare()).rejects.toMatchObject(refusal);
    await expect(other.check(AbortSignal.timeout(5000))).rejects.toMatchObject(refusal);
    await server.open(alias).prepare();
  });

  test('a write is refused where the alias has come to lead to vectors of another contract since the start', async () => {
    const [alias, others] = [newAlias(), newAlias()];
    const index = server.open(alias);
    await index.prepare();
    await index.upsert(version().points);
    await server.open(others, { ...contract, model: 'another-model' }).prepare();
    const { aliases } = (await server.send('GET', '/aliases')) as { aliases: { alias_name: string; collection_name: string }[] };
    const target = aliases.find(({ alias_name }) => alias_name === others)?.collection_name;
    await server.send('POST', '/collections/aliases', { actions: [{ delete_alias: { alias_name: alias } }, { create_alias: { collection_name: target, alias_name: alias } }] });
    await expect(index.upsert(version({ name: 'late' }).points)).rejects.toMatchObject({ code: 'EMBEDDING_CONTRACT_MISMATCH', message: expect.stringMatching(/another-model/) as string });
  });

  test('of two processes with different contracts at once at most one is served', async () => {
    const alias = newAlias();
    const outcomes = await Promise.allSettled([server.open(alias).prepare(), server.open(alias, { ...contract, revision: '2' }).prepare()]);
    const later = await Promise.allSettled([server.open(alias).prepare(), server.open(alias, { ...contract, revision: '2' }).prepare()]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(later.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a collection that the product did not make is refused', async () => {
    const alias = newAlias();
    await server.send('PUT', `/collections/${alias}_foreign`, { vectors: { size: 4, distance: 'Cosine' } });
    await server.send('POST', '/collections/aliases', { actions: [{ create_alias: { collection_name: `${alias}_foreign`, alias_name: alias } }] });
    await expect(server.open(alias).prepare()).rejects.toMatchObject({ code: 'EMBEDDING_CONTRACT_MISMATCH' });
  });

  test('without prepare every call is refused by name, never answered as empty', async () => {
    const index = server.open(newAlias());
    const missing = { code: 'INDEX_REJECTED', message: expect.stringContaining('404') as string };
    await expect(index.upsert(version().points)).rejects.toMatchObject(missing);
    await expect(index.queryLegs(principal('acme'), {}, { dense: unitVector(1), limit: 5 })).rejects.toMatchObject(missing);
    await expect(index.retrieve(principal('acme'), [version().versionId])).rejects.toMatchObject(missing);
    await expect(index.countVersions('acme', [version()])).rejects.toMatchObject(missing);
    await expect(index.check(AbortSignal.timeout(5000))).rejects.toMatchObject(missing);
  });
});
