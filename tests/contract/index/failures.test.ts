import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createQdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { contractFingerprint } from '../../../src/contracts/embedding.ts';
import { retryAfterOf } from '../../../src/adapters/qdrant/errors.ts';
import { contract } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';

/** What a server in trouble answers: situations into which a healthy one cannot be brought. */
const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function indexBefore(listener: RequestListener, options: { requestTimeoutMs?: number } = {}): Promise<QdrantIndex> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())), () => server.closeAllConnections());
  const index = createQdrantIndex({ url: `http://127.0.0.1:${port}/behind/a/prefix/`, apiKey: 'secret', alias: 'any', contract, requestTimeoutMs: options.requestTimeoutMs ?? 5000 });
  closing.push(() => index.close());
  return index;
}

const collection = JSON.stringify({ result: { config: { params: { vectors: { dense: { size: contract.dimension } } }, metadata: { embeddingContract: contract, fingerprint: contractFingerprint(contract) } } } });
const search = (index: QdrantIndex): Promise<unknown> => index.queryLegs(principal('acme'), {}, { dense: unitVector(1), limit: 3 });
const answering = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => (request, response) => {
  request.resume();
  response.writeHead(status, headers).end(body);
};

describe('failures', () => {
  test('no server: every call says INDEX_UNAVAILABLE', async () => {
    const index = createQdrantIndex({ url: 'http://127.0.0.1:9', alias: 'any', contract, requestTimeoutMs: 2000 });
    const down = { code: 'INDEX_UNAVAILABLE', message: expect.stringContaining('127.0.0.1:9') as string };
    await expect(index.prepare()).rejects.toMatchObject(down);
    await expect(search(index)).rejects.toMatchObject(down);
    await expect(index.retrieve(principal('acme'), [version().versionId])).rejects.toMatchObject(down);
    await expect(index.upsert(version().points)).rejects.toMatchObject(down);
    await expect(index.countVersions('acme', [version()])).rejects.toMatchObject(down);
    await expect(index.publish('acme', [version()])).rejects.toMatchObject(down);
    await expect(index.deleteVersions('acme', [version()])).rejects.toMatchObject(down);
    await expect(index.check(AbortSignal.timeout(2000))).rejects.toMatchObject(down);
    await index.close();
  });

  test.each([
    [429, { 'retry-after': '30' }, 30_000],
    [503, { 'retry-after': '2' }, 2000],
    [500, {}, undefined],
    [502, {}, undefined],
  ])('%i with %j can pass: INDEX_UNAVAILABLE, wait %s ms', async (status, headers, retryAfterMs) => {
    const index = await indexBefore(answering(status, '{"status":{"error":"too busy"},"time":0}', headers));
    await expect(search(index)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE', retryAfterMs, message: expect.stringContaining('too busy') as string });
  });

  test.each([400, 401, 403, 404, 422])('%i will be refused again: INDEX_REJECTED', async (status) => {
    const index = await indexBefore(answering(status, '{"status":{"error":"no such thing"}}'));
    await expect(search(index)).rejects.toMatchObject({ code: 'INDEX_REJECTED', message: expect.stringContaining('no such thing') as string });
  });

  test.each(['<html>hello</html>', '{}', '{"result":[]}', '{"result":[{"points":[{"id":7}]}]}', '{"result":[{"points":null}]}', 'null'])('a stranger that answers %s is not taken for an empty index', async (body) => {
    await expect(search(await indexBefore(answering(200, body)))).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
  });

  test('answers of other calls are looked at too', async () => {
    const index = await indexBefore(answering(200, '{"result":{"points":[{"id":"x","payload":{"tenant":"acme"}}],"hits":[{"value":1}]}}'));
    await expect(index.retrieve(principal('acme'), ['x'])).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
    await expect(index.countVersions('acme', [version()])).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
    await expect(index.prepare()).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
  });

  test('a server that does not answer in time is unavailable', async () => {
    const index = await indexBefore((request) => void request.resume(), { requestTimeoutMs: 150 });
    const start = performance.now();
    await expect(search(index)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE', message: expect.stringContaining('no answer in time') as string });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('a body that never ends is cut off in time', async () => {
    const index = await indexBefore((_request, response) => void response.writeHead(200).write('{"result":'), { requestTimeoutMs: 150 });
    await expect(search(index)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
  });

  test('a health check ends with its signal', async () => {
    const index = await indexBefore((request) => void request.resume());
    await expect(index.check(AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
  });

  test('a connection that breaks once is tried once more; the key and the prefix are sent', async () => {
    const seen: (string | undefined)[] = [];
    const index = await indexBefore((request, response) => {
      seen.push(`${request.url} ${String(request.headers['api-key'])}`);
      request.resume();
      if (request.method === 'GET') response.end(collection);
      else if (seen.length === 2) request.socket.destroy();
      else response.end('{"result":[{"points":[]}]}');
    });
    expect(await search(index)).toEqual({ dense: [] });
    const query = '/behind/a/prefix/collections/any/points/query/batch secret';
    expect(seen).toEqual(['/behind/a/prefix/collections/any secret', query, query]);
  });

  test('a connection that keeps breaking is unavailable', async () => {
    const index = await indexBefore((request) => request.socket.destroy());
    await expect(search(index)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
  });

  test('Retry-After is seconds or a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterOf('30', now)).toBe(30_000);
    expect(retryAfterOf('Thu, 01 Jan 2026 00:00:10 GMT', now)).toBe(10_000);
    expect(retryAfterOf('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    expect(retryAfterOf('soon', now)).toBeUndefined();
    expect(retryAfterOf(undefined, now)).toBeUndefined();
  });
});
