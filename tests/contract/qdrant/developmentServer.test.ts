import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QdrantClient } from '@qdrant/js-client-rest';
import { afterEach, expect, test } from 'vitest';
import { qdrantAt, startDevelopmentServer, type DevelopmentServer, type Qdrant, type ServerOptions } from './qdrantServer.ts';

const running: DevelopmentServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.remove();
});

async function start(options?: ServerOptions): Promise<DevelopmentServer> {
  const server = await startDevelopmentServer(options);
  running.push(server);
  return server;
}

function speak(server: DevelopmentServer, apiKey?: string): Qdrant {
  return qdrantAt(server.url, apiKey, () => Promise.resolve());
}

const vectors = { vectors: { size: 4, distance: 'Cosine' }, sparse_vectors: { words: { modifier: 'idf' } } } as const;

test('everything acknowledged survives kill -9 in the middle of writing', { timeout: 60_000 }, async () => {
  let server = await start();
  let qdrant = speak(server);
  const name = await qdrant.newCollection(vectors);
  await qdrant.result('PUT', `/collections/${name}/index?wait=true`, { field_name: 'tenant', field_schema: { type: 'keyword', is_tenant: true } });
  await qdrant.result('POST', '/collections/aliases', { actions: [{ create_alias: { alias_name: 'live', collection_name: name } }] });
  const acknowledged: number[] = [];
  const kill = sleep(700).then(() => server.end('SIGKILL'));
  for (let id = 1; server.process.signalCode === null; id += 1) {
    try {
      await qdrant.result('PUT', '/collections/live/points', {
        points: [{ id, vector: { '': [id, 1, 2, 3], words: { indices: [id], values: [1] } }, payload: { tenant: 'a', shown: false } }],
      });
      // An operation that the engine refuses must not stop the replay of those after it.
      await qdrant.call('POST', '/collections/live/points/payload?wait=true', { payload: { x: 1 }, points: [1_000_000] });
      await qdrant.result('POST', '/collections/live/points/payload', { payload: { shown: true }, points: [id] });
      acknowledged.push(id);
    } catch {
      break; // The connection broke: this one was not acknowledged.
    }
  }
  await kill;
  expect(acknowledged.length).toBeGreaterThan(20);

  server = await start({ storage: server.storage });
  qdrant = speak(server);
  const filter = { must: [{ key: 'tenant', match: { value: 'a' } }, { key: 'shown', match: { value: true } }] };
  const { points } = await qdrant.result<{ points: { id: number }[] }>('POST', '/collections/live/points/scroll', { filter, limit: 100_000 });
  expect(points.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
  expect(await qdrant.result('GET', `/collections/${name}`)).toMatchObject({
    config: { params: { sparse_vectors: { words: { modifier: 'idf' } } } }, payload_schema: { tenant: { params: { is_tenant: true } } },
  });
  const last = acknowledged.at(-1) ?? 0;
  const found = await qdrant.result<{ points: { id: number }[] }>('POST', '/collections/live/points/query', { query: { indices: [last], values: [1] }, using: 'words' });
  expect(found.points.map(({ id }) => id)).toEqual([last]);
});

test('SIGTERM ends it with 0 and its data is there again', async () => {
  let server = await start();
  const name = await speak(server).newCollection(vectors);
  await speak(server).result('PUT', `/collections/${name}/points`, { points: [{ id: 1, vector: [1, 2, 3, 4] }] });
  expect(await server.end('SIGTERM')).toBe(0);
  server = await start({ storage: server.storage });
  expect(await speak(server).result('POST', `/collections/${name}/points/count`, {})).toEqual({ count: 1 });
});

test('a second server on the same storage, or on the same port, ends with a sentence', async () => {
  const server = await start();
  const second = await startDevelopmentServer({ storage: server.storage, awaitReady: false });
  while (second.process.exitCode === null) await sleep(20);
  expect(second.process.exitCode).toBe(1);
  expect(second.complaints()).toContain('is held by another server');

  const storage = await mkdtemp(join(tmpdir(), 'catalyst-qdrant-'));
  const third = await startDevelopmentServer({ port: Number(new URL(server.url).port), storage, awaitReady: false });
  while (third.process.exitCode === null) await sleep(20);
  expect(third.process.exitCode).toBe(1);
  expect(third.complaints()).toContain('cannot listen on');
  await rm(storage, { recursive: true });
});

test('with an API key only the probes answer without it', async () => {
  const server = await start({ apiKey: 'secret' });
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect((await fetch(`${server.url}/collections`)).status).toBe(401);
  expect((await fetch(`${server.url}/collections`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await fetch(`${server.url}/collections`, { headers: { authorization: 'Bearer secret' } })).status).toBe(200);
  expect(await speak(server, 'secret').result('GET', '/collections')).toEqual({ collections: [] });
});

test('what it does not do it answers with 501 and a sentence', async () => {
  const qdrant = speak(await start());
  const name = await qdrant.newCollection(vectors);
  const answers = [
    await qdrant.call('PUT', `/collections/${name}/shards`, { shard_key: 'a' }),
    await qdrant.call('POST', `/collections/${name}/points/search/matrix/pairs`, {}),
    await qdrant.call('POST', `/collections/${name}/points/query`, { query: [1, 2, 3, 4], shard_key: 'a' }),
    await qdrant.call('PUT', '/collections/sharded', { ...vectors, sharding_method: 'custom' }),
    await qdrant.call('PUT', '/collections/strict', { ...vectors, strict_mode_config: { enabled: true } }),
    await qdrant.call('POST', `/collections/${name}/points/query`, { query: { text: 'words', model: 'any' } }),
  ];
  for (const { status, error } of answers) {
    expect(status).toBe(501);
    expect(error).toMatch(/^The development Qdrant server does not support .+ Point QDRANT_URL at a real Qdrant to use it\.$/);
  }
});

test('the official client works against it', async () => {
  const server = await start();
  const client = new QdrantClient({ url: server.url, checkCompatibility: false });
  await client.createCollection('clients', vectors);
  await client.upsert('clients', { wait: true, points: [{ id: 1, vector: [1, 2, 3, 4], payload: { a: 1 } }] });
  const { points } = await client.query('clients', { query: [1, 2, 3, 4], with_payload: true });
  expect(points).toMatchObject([{ id: 1, payload: { a: 1 } }]);
  await expect(client.getCollection('missing')).rejects.toMatchObject({ status: 404 });
});

test('a snapshot is listed, downloaded and removed', async () => {
  const qdrant = speak(await start());
  const name = await qdrant.newCollection(vectors);
  await qdrant.result('PUT', `/collections/${name}/points`, { points: [{ id: 1, vector: [1, 2, 3, 4] }] });
  const made = await qdrant.result<{ name: string; size: number }>('POST', `/collections/${name}/snapshots`);
  expect(await qdrant.result('GET', `/collections/${name}/snapshots`)).toEqual([made]);
  const file = await fetch(`${qdrant.url}/collections/${name}/snapshots/${made.name}`);
  expect((await file.arrayBuffer()).byteLength).toBe(made.size);
  expect(await qdrant.result('DELETE', `/collections/${name}/snapshots/${made.name}`)).toBe(true);
  expect(await qdrant.result('GET', `/collections/${name}/snapshots`)).toEqual([]);
  expect((await qdrant.call('GET', `/collections/${name}/snapshots/..%2F..%2Faliases.json`)).status).toBe(404);
});
