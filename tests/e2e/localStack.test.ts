import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dependencies } from '../../infra/local/dependencies/catalogue.ts';
import { loadLocalSettings } from '../../infra/local/settings.ts';
import { startStack } from '../../infra/local/stack.ts';
import { startTestStack, type TestStack } from '../../infra/local/testStack.ts';
import { freePorts, portEnvironment } from '../../infra/local/supervision/ports.ts';
import { isAlive, identifyProcess } from '../../infra/local/supervision/processIdentity.ts';

const services = ['temporal', 'postgres', 's3', 'qdrant'] as const;

/** Kills one service with SIGKILL and waits until it answers again. */
async function crash(stack: TestStack, name: (typeof services)[number]): Promise<void> {
  const service = stack.services[name];
  if (service === undefined) throw new Error(`${name} was not started`);
  const [before, restarts] = [service.pid, service.restarts];
  service.kill('SIGKILL');
  await service.waitUntilReady(restarts + 1);
  expect(service.pid).not.toBe(before);
}

describe('local stack', () => {
  let stack: TestStack;
  const variable = (name: string): string => stack.environment[name] ?? '';

  beforeAll(async () => {
    stack = await startTestStack({ services: [...services] });
  }, 900_000);

  afterAll(async () => {
    // Not there when the start itself failed, which is the failure to be shown.
    await (stack as TestStack | undefined)?.stop();
  });

  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: variable('DATABASE_URL') });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  async function qdrant(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${variable('QDRANT_URL')}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status, await response.clone().text()).toBe(200);
    return ((await response.json()) as { result: unknown }).result;
  }

  it.each(services)('describes %s so that the doctor, and the product, find it', async (name) => {
    const answer = await dependencies[name].ask(stack.environment);
    expect(answer).toMatch({ temporal: /^server 1\.\d+/, postgres: /^PostgreSQL 18/, s3: /^bucket catalyst/, qdrant: /^qdrant .*\d+\.\d+\.\d+/ }[name]);
  });

  it('gives Postgres a role that row-level security binds', async () => {
    const [role] = await query('select current_user as name, rolsuper, rolbypassrls from pg_roles where rolname = current_user');
    expect(role).toEqual({ name: 'catalyst', rolsuper: false, rolbypassrls: false });
    await query('create table owned (id int primary key)');
    await query('drop table owned');
  });

  it('brings Postgres back with its data after SIGKILL', async () => {
    await query('create table kept (value text)');
    await query(`insert into kept values ('before the crash')`);
    await crash(stack, 'postgres');
    expect(await query('select value from kept')).toEqual([{ value: 'before the crash' }]);
  });

  it('brings S3 back with its objects and versions after SIGKILL', async () => {
    const client = new S3Client({
      endpoint: variable('S3_ENDPOINT'),
      region: variable('S3_REGION'),
      forcePathStyle: true,
      credentials: { accessKeyId: variable('S3_ACCESS_KEY_ID'), secretAccessKey: variable('S3_SECRET_ACCESS_KEY') },
    });
    const Bucket = variable('S3_BUCKET');
    await client.send(new CreateBucketCommand({ Bucket }));
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const first = await client.send(new PutObjectCommand({ Bucket, Key: 'tenant/object', Body: 'first' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'tenant/object', Body: 'second' }));
    await crash(stack, 's3');
    const read = async (VersionId?: string) =>
      (await client.send(new GetObjectCommand({ Bucket, Key: 'tenant/object', VersionId }))).Body?.transformToString();
    expect(await read()).toBe('second');
    expect(await read(first.VersionId)).toBe('first');
    client.destroy();
  });

  it('brings Temporal back with its workflows and search attributes after SIGKILL', async () => {
    const workflowId = `kept-${randomUUID()}`;
    const connect = () => Connection.connect({ address: variable('TEMPORAL_ADDRESS') });
    const before = await connect();
    await new Client({ connection: before }).workflow.start('neverRun', { taskQueue: 'nobody', workflowId });
    await before.close();
    await crash(stack, 'temporal');
    const after = await connect();
    const description = await new Client({ connection: after }).workflow.getHandle(workflowId).describe();
    expect(description.status.name).toBe('RUNNING');
    const attributes = await after.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(attributes.customAttributes ?? {})).toEqual(
      expect.arrayContaining(['CatalystTenant', 'CatalystJobState', 'CatalystSource']),
    );
    await after.close();
  });

  it('brings Qdrant back with its points after SIGKILL', async () => {
    await qdrant('PUT', '/collections/kept', { vectors: { dense: { size: 4, distance: 'Cosine' } } });
    const point = { id: 1, vector: { dense: [1, 0, 0, 0] }, payload: { tenant: 'demo' } };
    await qdrant('PUT', '/collections/kept/points?wait=true', { points: [point] });
    await crash(stack, 'qdrant');
    expect(await qdrant('POST', '/collections/kept/points/count', { exact: true })).toEqual({ count: 1 });
  });

  it('refuses a second start on the same state folder and names the first', async () => {
    const second = startStack(stack.settings, { services: ['s3'] });
    await expect(second).rejects.toThrow(new RegExp(`already runs on .*process ${process.pid}`));
    expect(stack.services.s3?.isReady).toBe(true);
  });

  it('names the holder of a taken port and the variable that changes it', async () => {
    const holder = createServer();
    await new Promise<void>((listening) => holder.listen(0, '127.0.0.1', listening));
    const { port } = holder.address() as { port: number };
    const start = startTestStack({ services: ['s3'], environment: { CATALYST_LOCAL_S3_PORT: String(port) } });
    await expect(start).rejects.toThrow(/Port \d+, which S3/);
    await expect(start).rejects.toThrow(new RegExp(`process ${process.pid} .*CATALYST_LOCAL_S3_PORT`, 's'));
    await new Promise((closed) => holder.close(closed));
  });

  it('names every missing toolchain at once, each with what to do', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'catalyst-empty-'));
    const start = startTestStack({ services: ['temporal', 's3', 'qdrant'], environment: { PATH: empty, CATALYST_CACHE_DIR: empty } });
    const failure = await start.then(() => 'started', (error: unknown) => String(error));
    expect(failure).toMatch(/temporal has to be built.*install Go.*TEMPORAL_ADDRESS/s);
    expect(failure).toMatch(/versitygw has to be built.*S3_ENDPOINT/s);
    expect(failure).toMatch(/needs Python.*QDRANT_URL/s);
    await rm(empty, { recursive: true, force: true });
  });

  it('interrupts a long build when another dependency has failed', async () => {
    const programs = await mkdtemp(join(tmpdir(), 'catalyst-programs-'));
    await writeFile(join(programs, 'go'), '#!/bin/sh\nexec /bin/sleep 60\n', { mode: 0o755 });
    const begun = Date.now();
    const start = startTestStack({ services: ['s3', 'qdrant'], environment: { PATH: programs, CATALYST_CACHE_DIR: programs } });
    await expect(start).rejects.toThrow(/needs Python/);
    expect(Date.now() - begun).toBeLessThan(15_000);
    await rm(programs, { recursive: true, force: true });
  });

  it('shows the last words of a service that cannot start', async () => {
    const state = `${stack.settings.stateDirectory}-damaged`;
    const environment = { CATALYST_STATE_DIR: state, CATALYST_CACHE_DIR: stack.settings.cacheDirectory };
    const first = await startTestStack({ services: ['postgres'], environment });
    await first.services.postgres?.stop();
    await rm(`${state}/postgres/global`, { recursive: true });
    await first.stop();
    const second = startTestStack({ services: ['postgres'], environment });
    await expect(second).rejects.toThrow(/PostgreSQL ended at once.*last lines.*could not open/s);
    await rm(state, { recursive: true, force: true });
  });

  it('recovers after SIGKILL of everything: ends orphans, keeps data, breaks the dead lock', async () => {
    const environment = { ...stack.settings.environment, ...portEnvironment(await freePorts()), CATALYST_STATE_DIR: `${stack.settings.stateDirectory}-killed` };
    const holder = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'holdStack.ts')], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(holder.stdout.setEncoding('utf8'), 'data')) as [string];
    const orphans = (JSON.parse(line) as number[]).map((pid) => identifyProcess(pid));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(orphans.map((orphan) => orphan && isAlive(orphan))).toEqual([true, true]);
    const lines: string[] = [];
    const settings = loadLocalSettings(environment, process.cwd());
    const next = await startStack(settings, { services: ['postgres', 's3'], log: (message) => lines.push(message) });
    expect(orphans.map((orphan) => orphan && isAlive(orphan))).toEqual([false, false]);
    expect(lines).toContainEqual(expect.stringMatching(/ended what an earlier start had left running: (postgres, s3|s3, postgres)/));
    await next.stop();
    await rm(settings.stateDirectory, { recursive: true, force: true });
  });

  it('ends what it started', async () => {
    const own = await startTestStack({ services: ['s3'] });
    const identity = identifyProcess(own.services.s3?.pid ?? 0);
    expect(identity && isAlive(identity)).toBe(true);
    await own.stop();
    expect(identity && isAlive(identity)).toBe(false);
  });
});
