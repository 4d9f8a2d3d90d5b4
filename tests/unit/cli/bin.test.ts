import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContractServer } from '../../support/contractServer.ts';

const program = join(import.meta.dirname, '../../../bin/catalyst.js');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

let server: ContractServer;
let environment: NodeJS.ProcessEnv;
let folder: string;

beforeEach(async () => {
  server = await ContractServer.start();
  folder = await mkdtemp(join(tmpdir(), 'catalyst-bin-'));
  environment = { PATH: process.env['PATH'], CATALYST_URL: server.url, CATALYST_TOKEN: server.token };
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function run(flags: string[], commandLine: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, program, ...commandLine], { env: environment, cwd: folder }, (failure, out, error) => {
      resolve({ code: failure === null ? 0 : Number(failure.code), out, error });
    });
  });
}

describe('bin/catalyst.js', () => {
  it('runs a command and ends by itself with its exit code', async () => {
    expect(await run([], ['status'])).toMatchObject({ code: 0, out: expect.stringContaining('postgres') as string, error: '' });
    expect(await run([], ['search', 'x', '--token', 'wrong'])).toMatchObject({ code: 5 });
  });

  it('goes on under the Node of the project where the running one cannot run TypeScript', async () => {
    expect(await run(['--no-experimental-strip-types'], ['status'])).toMatchObject({ code: 0, out: expect.stringContaining('postgres') as string });
    expect(await run(['--no-experimental-strip-types'], ['nonsense'])).toMatchObject({ code: 2 });
  });

  it('says what is wrong instead of starting itself for ever', async () => {
    environment = { ...environment, NODE_OPTIONS: '--no-experimental-strip-types' };
    expect(await run([], ['status'])).toMatchObject({ code: 1, error: expect.stringContaining('NODE_OPTIONS') as string });
  });

  it.each([[[]], [['--no-experimental-strip-types']]])('ends cleanly by SIGINT while it watches, with flags %j', async (flags: string[]) => {
    await writeFile(join(folder, 'a.md'), 'x');
    server.script('GET /v1/jobs', (_request, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': quiet\n\n'));
    const child = spawn(process.execPath, [...flags, program, 'ingest', 'a.md'], { env: environment, cwd: folder });
    let error = '';
    child.stderr.on('data', (chunk: Buffer) => void (error += chunk.toString()));
    await expect.poll(() => server.count('GET /v1/jobs'), { timeout: 15_000 }).toBe(1);
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(130);
    expect(error).toMatch(/catalyst job [0-9a-f-]{36} --watch/);
  });

  it('does not complain when its reader has read enough', async () => {
    server.dependencies = Array.from({ length: 20_000 }, (_, index) => ({ name: `dependency ${index}`, ok: true, latencyMs: 1, detail: null, remedy: null }));
    const child = spawn(process.execPath, [program, 'status', '--json'], { env: environment, cwd: folder });
    let error = '';
    child.stderr.on('data', (chunk: Buffer) => void (error += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = (await once(child, 'exit')) as [number];
    expect({ code, error }).toEqual({ code: 0, error: '' });
  });
});
