import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findPython, installWithPip, pythonEntryName } from '../../../infra/local/install/pythonInstall.ts';
import { processEnvironment } from '../../../infra/local/processEnvironment.ts';
import { loadLocalSettings } from '../../../infra/local/settings.ts';

const serverFolder = fileURLToPath(new URL('../../../infra/local/qdrant/', import.meta.url));
const readyWithinMilliseconds = 60_000;

/** What Qdrant answered: `result` of a success, `error` of a failure. */
export interface Answer {
  readonly status: number;
  readonly result: unknown;
  readonly error: string | undefined;
}

/** A server under test. Collections of `newCollection` are removed at the end. */
export interface Qdrant {
  readonly url: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** `call` whose success is taken for granted; returns the result. */
  result<T>(method: string, path: string, body?: unknown): Promise<T>;
  newCollection(body: object): Promise<string>;
  stop(): Promise<void>;
}

/** The real Qdrant at QDRANT_URL (QDRANT_API_KEY), or else a development server of this test's own. */
export async function startQdrant(): Promise<Qdrant> {
  const url = process.env['QDRANT_URL'];
  if (url !== undefined) return qdrantAt(url, process.env['QDRANT_API_KEY'], () => Promise.resolve());
  const server = await startDevelopmentServer();
  return qdrantAt(server.url, undefined, () => server.remove());
}

export function qdrantAt(url: string, apiKey: string | undefined, end: () => Promise<void>): Qdrant {
  const made: string[] = [];
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', ...(apiKey === undefined ? {} : { 'api-key': apiKey }) };
    const content = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: content }) });
    const answer = (await response.json()) as { result?: unknown; status: string | { error: string }; time: number };
    return { status: response.status, result: answer.result, error: typeof answer.status === 'string' ? undefined : answer.status.error };
  };
  const result = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await call(method, path, body);
    if (answer.status !== 200) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.error ?? ''}`);
    return answer.result as T;
  };
  return {
    url, call, result,
    async newCollection(body) {
      const name = `contract-${randomUUID()}`;
      await result('PUT', `/collections/${name}`, body);
      made.push(name);
      return name;
    },
    async stop() {
      for (const name of made) await call('DELETE', `/collections/${name}`);
      await end();
    },
  };
}

/** A development server in a storage folder of its own, which a test may kill and start again. */
export interface DevelopmentServer {
  readonly url: string;
  readonly storage: string;
  readonly process: ChildProcess;
  /** What it wrote to its standard error so far. */
  complaints(): string;
  /** Sends the signal and resolves with the exit code; null after SIGKILL. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Ends it and removes its storage. */
  remove(): Promise<void>;
}

export interface ServerOptions {
  readonly storage?: string;
  readonly port?: number;
  readonly apiKey?: string;
  /** False for a start that is meant to fail. */
  readonly awaitReady?: boolean;
}

export async function startDevelopmentServer(options: ServerOptions = {}): Promise<DevelopmentServer> {
  const storage = options.storage ?? (await mkdtemp(join(tmpdir(), 'catalyst-qdrant-')));
  const port = options.port ?? (await freePort());
  const { executable, packages } = await python();
  const parameters = [join(serverFolder, 'server.py'), '--host', '127.0.0.1', '--port', String(port), '--storage', storage];
  if (options.apiKey !== undefined) parameters.push('--api-key', options.apiKey);
  const child = spawn(executable, parameters, {
    env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (data: Buffer) => errors.push(data));
  const complaints = (): string => Buffer.concat(errors).toString();
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill(signal);
    await once(child, 'exit');
    return child.exitCode;
  };
  const url = `http://127.0.0.1:${port}`;
  if (options.awaitReady !== false) await untilReady(url, child, complaints);
  const remove = (): Promise<void> => end('SIGTERM').then(() => rm(storage, { recursive: true, force: true }));
  return { url, storage, process: child, complaints, end, remove };
}

async function untilReady(url: string, child: ChildProcess, complaints: () => string): Promise<void> {
  const deadline = Date.now() + readyWithinMilliseconds;
  while (Date.now() < deadline && child.exitCode === null) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    await sleep(20);
  }
  throw new Error(`The development server did not become ready: ${complaints()}`);
}

/** The interpreter and the folder of the server's packages: CATALYST_QDRANT_PYTHONPATH, or installed once into the cache. */
async function python(): Promise<{ executable: string; packages: string }> {
  const given = process.env['CATALYST_QDRANT_PYTHONPATH'];
  const settings = loadLocalSettings(processEnvironment(), tmpdir());
  const interpreter = await findPython(settings);
  if (interpreter === undefined) throw new Error('The development Qdrant needs python3 on PATH.');
  if (given !== undefined) return { executable: interpreter.executable, packages: given };
  const requirements = join(serverFolder, 'requirements.txt');
  const watch = { log: () => undefined, signal: new AbortController().signal };
  const { folder } = await installWithPip(settings, await pythonEntryName('qdrant', requirements, interpreter), requirements, watch);
  return { executable: interpreter.executable, packages: folder };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
