import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  vi.useRealTimers();
  await api.close();
});

/** A caller who announces a body and sends a byte of it now and then. */
async function dripping(path: string, contentType: string): Promise<{ readonly socket: Socket; readonly closed: Promise<void> }> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => { resolve(); }));
  await new Promise<void>((resolve) => socket.once('connect', () => { resolve(); }));
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.token}\r\nContent-Type: ${contentType}\r\nContent-Length: 100000\r\n\r\n{`);
  return { socket, closed };
}

const isOpen = async (closed: Promise<void>): Promise<boolean> => Promise.race([closed.then(() => false), new Promise<boolean>((resolve) => setImmediate(() => setImmediate(() => { resolve(true); })))]);

describe('a caller who drips a body', () => {
  it.each([['/v1/search', 'application/json'], ['/v1/ingest/bulk', 'application/json']])('to %s loses the connection after two minutes, whatever comes meanwhile', async (path, contentType) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { socket, closed } = await dripping(path, contentType);
    // The time of the body begins once the server has read the headers and the token.
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let second = 0; second < 110; second += 10) {
      socket.write(' ');
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(await isOpen(closed)).toBe(true);
    await vi.advanceTimersByTimeAsync(20_000);
    await closed;
  }, 20_000);

  it('keeps nobody else from being served', async () => {
    const slow = await Promise.all(Array.from({ length: 200 }, () => dripping('/v1/search', 'application/json')));
    const started = performance.now();
    const answer = await api.post('/v1/search', { query: 'x' });
    expect(await answer.json()).toMatchObject({ query: 'x' });
    expect(performance.now() - started).toBeLessThan(2_000);
    for (const { socket } of slow) socket.destroy();
    await Promise.all(slow.map(({ closed }) => closed));
  }, 20_000);
});
