import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { createConnectionEnd } from '../../../src/api/middleware/connectionEnd.ts';
import { createServer } from '../../../src/api/server.ts';
import { emptyAnswer } from '../../support/api/emptyAnswer.ts';
import { loadUntilUnready } from '../../support/keptConnections.ts';
import { startApi } from '../../support/api/runningApi.ts';

const found = emptyAnswer({ query: 'x', mode: 'hybrid' });

describe('a server that drains', () => {
  it('finishes what it has begun, takes nothing new, and closes kept connections', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let began = false;
    const api = await startApi({ search: async () => { began = true; await held; return found; } });
    await fetch(`${api.url}/livez`);
    const answer = api.post('/v1/search', { query: 'x' });
    await expect.poll(() => began).toBe(true);
    const drained = api.api.drain(10_000);
    await expect(fetch(`${api.url}/livez`)).rejects.toThrow();
    release();
    expect((await answer).status).toBe(200);
    const startedAt = performance.now();
    await drained;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('cuts what takes longer than it may', async () => {
    const api = await startApi({ search: () => new Promise(() => undefined) });
    const answer = api.post('/v1/search', { query: 'x' });
    answer.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedAt = performance.now();
    await api.api.drain(300);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await expect(answer).rejects.toThrow();
  });

  it('may be told twice, and before it listens', async () => {
    const api = await startApi();
    await Promise.all([api.api.drain(1_000), api.api.drain(1_000)]);
    const idle = createServer((() => undefined) as never, { host: '127.0.0.1', port: 0, stopping: new AbortController() });
    await idle.drain(1_000);
  });
});

describe('a server that drains under load', () => {
  it('drops no request while a load balancer learns that it is going', { timeout: 30_000 }, async () => {
    let served = 0;
    const stopping = new AbortController();
    const app = express();
    app.use(createConnectionEnd(stopping.signal));
    app.get('/readyz', (_request, response) => void response.status(stopping.signal.aborted ? 503 : 200).end());
    app.post('/work', async (_request, response) => {
      served += 1;
      await sleep(20 * Math.random());
      response.json({});
    });
    const server = createServer(app, { host: '127.0.0.1', port: 0, stopping, drainMs: 500 });
    const port = await server.listen();
    const load = loadUntilUnready({ url: `http://127.0.0.1:${port}/work`, headers: {}, callers: 50, thinkMs: 40, isReady: () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok) });
    await sleep(1_000);
    const before = served;
    const startedAt = performance.now();
    await server.drain(10_000);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const { answers, dropped } = await load;
    expect(dropped).toEqual([]);
    expect(before).toBeGreaterThan(100);
    expect([...answers]).toEqual([[200, served]]);
  });
});

describe('a server that listens', () => {
  it('says when the port is taken', async () => {
    const api = await startApi();
    const second = createServer((() => undefined) as never, { host: '127.0.0.1', port: Number(new URL(api.url).port), stopping: new AbortController() });
    await expect(second.listen()).rejects.toThrow(/EADDRINUSE/);
    await api.close();
  });

  it('gives up on a client that never ends its headers', { timeout: 40_000 }, async () => {
    const api = await startApi();
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 1_000);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect((await fetch(`${api.url}/livez`)).status).toBe(200);
    await api.close();
  });
});
