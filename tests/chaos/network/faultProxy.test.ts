import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultProxy } from './faultProxy.ts';

let echo: Server;
let proxy: FaultProxy;
let opened: Socket[];
let atServer: Socket[];

beforeEach(async () => {
  opened = [];
  atServer = [];
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    atServer.push(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await FaultProxy.start({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  for (const socket of [...opened, ...atServer]) socket.destroy();
  await proxy.close();
  echo.close();
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  opened.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Milliseconds until the text has come back; undefined where it does not within the time. */
async function echoed(socket: Socket, text: string, withinMs = 1_000): Promise<number | undefined> {
  const begun = performance.now();
  let received = '';
  const collect = (data: Buffer): void => void (received += data.toString());
  socket.on('data', collect);
  socket.write(text);
  while (received.length < text.length && performance.now() - begun < withinMs) await sleep(5);
  socket.off('data', collect);
  return received === text ? performance.now() - begun : undefined;
}

describe('fault proxy', () => {
  it('passes bytes on both ways, and the end of a connection', async () => {
    const socket = await open();
    const text = 'hello '.repeat(50_000);
    expect(await echoed(socket, text, 5_000)).toBeDefined();
    socket.end();
    await once(socket, 'close');
    await sleep(20);
    expect(proxy.connections).toBe(0);
  });

  it('cuts what is connected and takes new connections', async () => {
    const socket = await open();
    await echoed(socket, 'first');
    expect(proxy.apply({ kind: 'cut' })).toBe(1);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(await echoed(await open(), 'second')).toBeDefined();
  });

  it('refuses for a while, on the same port afterwards', async () => {
    const { port } = proxy;
    proxy.apply({ kind: 'refuse', milliseconds: 300 });
    await sleep(50);
    await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await sleep(400);
    expect(proxy.port).toBe(port);
    expect(await echoed(await open(), 'again')).toBeDefined();
  });

  it('slows for a while', async () => {
    const socket = await open();
    await echoed(socket, 'warm');
    proxy.apply({ kind: 'slow', milliseconds: 700, latencyMs: 50, bytesPerSecond: 100_000 });
    expect(await echoed(socket, 'x'.repeat(10_000), 2_000)).toBeGreaterThan(250);
    await sleep(700);
    expect(await echoed(socket, 'x'.repeat(10_000))).toBeLessThan(250);
  });

  it('stalls without closing, then lets through what was held up', async () => {
    const socket = await open();
    await echoed(socket, 'warm');
    proxy.apply({ kind: 'stall', milliseconds: 400 });
    expect(await echoed(socket, 'held', 2_000)).toBeGreaterThan(300);
    expect(await echoed(socket, 'free')).toBeLessThan(250);
  });

  it('forgets connections: nothing passes and nothing is closed, while new ones work', async () => {
    const socket = await open();
    await echoed(socket, 'known');
    proxy.apply({ kind: 'forget' });
    expect(await echoed(socket, 'lost', 300)).toBeUndefined();
    socket.destroy();
    await sleep(100);
    expect(atServer[0]?.readableEnded).toBe(false);
    expect(await echoed(await open(), 'new')).toBeDefined();
  });

  it('breaks a connection whose server is gone', async () => {
    const socket = await open();
    await echoed(socket, 'known');
    atServer[0]?.resetAndDestroy();
    await once(socket, 'error');
    expect(socket.destroyed).toBe(true);
  });
});
