import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const isRedisInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of the test's own, that keeps nothing on disk. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** It still holds its connections, and answers nothing. */
  freeze(): void;
  stop(): Promise<void>;
}

export async function startRedis(port?: number): Promise<RedisServer> {
  const taken = port ?? (await freePort());
  const process = spawn('redis-server', ['--port', String(taken), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  await untilOpen(taken, process);
  return {
    url: `redis://127.0.0.1:${taken}`,
    port: taken,
    freeze: () => void process.kill('SIGSTOP'),
    async stop() {
      if (process.exitCode !== null || process.signalCode !== null) return;
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilOpen(port: number, process: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (process.exitCode !== null) throw new Error(`redis-server ended with ${process.exitCode}.`);
    const socket = createConnection(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    socket.destroy();
    if (isOpen) return;
    await sleep(25);
  }
  throw new Error('redis-server did not open its port within 5 s.');
}
