import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeJson } from '../../../src/backups/catalogue.ts';
import { sealed } from '../../../src/backups/manifests.ts';
import { begunKey, failureKey, manifestKey, verificationKey } from '../../../src/backups/setKeys.ts';
import { runCli } from '../../../src/cli/main.ts';
import type { Restore, RestoreScope } from '../../../src/contracts/backups.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { IdempotencyRegistry } from '../../../src/ports/idempotencyRegistry.ts';
import { signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';
import { createMemoryBucket } from '../../support/memoryBucket.ts';

const ids = { good: '20260104T011500Z-00000004', unfinished: '20260103T011500Z-00000003', failed: '20260102T011500Z-00000002', altered: '20260101T011500Z-00000001' };
const time = '2026-01-04T01:15:00.000Z';
const file = { key: 'x', bytes: 10, digest: `sha256:${'0'.repeat(64)}` as const, mark: 'm', lines: 2 };
const report = { tables: 30, rows: 5_000, objects: 40, copiedObjects: 39, copiedBytes: 4_000, documents: 20, points: 60, expectedPoints: 60, lostDocuments: 0, lostExamples: [], resumed: { jobs: 1, deletions: 0, sweeps: 0, audits: 0 } };

/** Each request is the first of its key. */
const idempotency: IdempotencyRegistry = { claim: () => Promise.resolve({ state: 'claimed', seed: newIdentifier() }), renew: () => Promise.resolve(), keep: () => Promise.resolve(), release: () => Promise.resolve() };

let api: RunningApi;
let token: string;
let bucket: ReturnType<typeof createMemoryBucket>;
let asked: unknown[];
let restores: Restore[];
let restored: Restore['report'];

beforeEach(async () => {
  bucket = createMemoryBucket();
  asked = [];
  restores = [];
  restored = report;
  for (const id of Object.values(ids)) await writeJson(bucket, begunKey(id), { by: 'ada', startedAt: time });
  for (const id of [ids.good, ids.altered]) await writeJson(bucket, manifestKey(id), manifestOf(id));
  await writeJson(bucket, failureKey(ids.failed), { code: 'INDEX_REJECTED', message: 'There was no index.', remedy: 'Make one.' });
  await writeJson(bucket, verificationKey(ids.altered), { at: time, deep: true, files: 1, objects: 40, bytes: 4_000, problems: 1, examples: ['objects/x is missing'] });
  const note = (kind: string) => (...input: unknown[]) => {
    asked.push([kind, ...input]);
    return Promise.resolve({ workflowId: `catalyst/backup/${kind}` });
  };
  const restore = (scope: RestoreScope) => {
    restores.push({ id: scope.restoreId, backupId: scope.backupId, parts: [...scope.parts], state: 'finished', by: scope.by, startedAt: time, finishedAt: time, report: restored, failure: null });
    return note('restore')(scope);
  };
  api = await startApi({ backupBucket: bucket, backupWork: { create: note('create'), verify: note('verify'), restore }, restores: { list: () => Promise.resolve(restores) }, idempotency });
  token = await signToken({ roles: ['platform-admin'] });
});
afterEach(() => api.close());

function manifestOf(id: string) {
  const tables = [{ name: 'jobs', columns: ['id'], rows: 7, digest: 'd', file }];
  return sealed({
    format: 1, id, by: 'ada', release: '0.1.0', startedAt: time, finishedAt: time,
    registry: { snapshotAt: time, server: 'PostgreSQL 18', migrations: [], tables, sequences: {} },
    objects: { bucket: 'catalyst', objects: 40, bytes: 4_000, copied: 2, copiedBytes: 100, gone: 0, lists: [] },
    index: { alias: 'catalyst', generation: 'g', contract: null, points: 60, snapshot: null, note: '' },
  });
}

const call = (method: string, path: string, body?: unknown) => api.fetch(path, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

async function catalyst(...commandLine: string[]) {
  const context = capturedContext({});
  const exitCode = await runCli(['--url', api.url, '--token', token, ...commandLine], context);
  return { exitCode, out: context.out(), err: context.error() };
}

describe('GET /v1/backups', () => {
  it('tells all sets of the bucket, newest first, with what became of them', async () => {
    const { backups } = (await (await call('GET', '/v1/backups')).json()) as { backups: unknown[] };
    expect(backups).toMatchObject([
      { id: ids.good, state: 'finished', rows: 7, objects: 40, points: 60, failure: null },
      { id: ids.unfinished, state: 'unfinished', rows: null },
      { id: ids.failed, state: 'failed', failure: { code: 'INDEX_REJECTED' } },
      { id: ids.altered, state: 'damaged', verification: { problems: 1 } },
    ]);
  });

  it('takes a set for damaged whose manifest is not what was written', async () => {
    await writeJson(bucket, manifestKey(ids.good), { ...manifestOf(ids.good), by: 'mallory' });
    expect(await (await call('GET', `/v1/backups/${ids.good}`)).json()).toMatchObject({ state: 'damaged', rows: null });
  });

  it('says so where no bucket is configured', async () => {
    await api.close();
    api = await startApi();
    for (const [method, path] of [['GET', '/v1/backups'], ['POST', '/v1/backups']] as const) {
      const answer = await call(method, path);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'BACKUP_NOT_CONFIGURED']);
    }
  });
});

describe('what is started', () => {
  it('names who asked for it, and which parts', async () => {
    await call('POST', '/v1/backups');
    await call('POST', `/v1/backups/${ids.good}/verifications`, { deep: true });
    await call('POST', '/v1/restores', { backupId: ids.good });
    await call('POST', '/v1/restores', { only: 'index' });
    expect(asked).toMatchObject([
      ['create', 'tester'],
      ['verify', ids.good, true],
      ['restore', { backupId: ids.good, parts: ['registry', 'objects', 'index'], by: 'tester' }],
      ['restore', { backupId: null, parts: ['index'] }],
    ]);
  });

  it('is nothing of a set that is none', async () => {
    for (const id of [ids.unfinished, ids.failed]) {
      expect((await call('POST', '/v1/restores', { backupId: id })).status).toBe(409);
      expect((await call('POST', `/v1/backups/${id}/verifications`, {})).status).toBe(409);
    }
    expect((await call('POST', '/v1/restores', { backupId: '20260101T011500Z-0000000f' })).status).toBe(404);
    expect((await call('POST', '/v1/restores', { only: 'objects' })).status).toBe(422);
    expect((await call('POST', '/v1/restores', { backupId: '../../etc' })).status).toBe(422);
    expect(asked).toEqual([]);
  });
});

describe('catalyst backup', () => {
  it('lists', async () => {
    const { out, exitCode } = await catalyst('backup', 'list');
    expect(exitCode).toBe(0);
    expect(out).toMatch(new RegExp(`${ids.good} +finished .* 7 +40 +4,000`));
    expect(out).toMatch(new RegExp(`${ids.failed} +failed .*There was no index`));
    expect(out).toMatch(new RegExp(`${ids.altered} +damaged .*1 problem`));
  });

  it('restores, and tells what came back', async () => {
    const { out, exitCode } = await catalyst('backup', 'restore', ids.good, '--wait');
    expect(exitCode).toBe(0);
    expect(out).toContain('5,000 rows in 30 tables; 40 objects, 39 brought back; 60 of 60 points of 20 documents');
    expect(out).toContain('goes on: 1 job,');
    expect((await catalyst('backup', 'restores')).out).toContain(ids.good);
  });

  it('says what to do where points are not there, and ends with 1', async () => {
    restored = { ...report, points: 59 };
    const { out, exitCode } = await catalyst('backup', 'restore', ids.good, '--wait');
    expect([exitCode, out]).toEqual([1, expect.stringMatching(/59 of 60 points of 20 documents\n {2}Not all points are there: .*consistency-deep/)]);
  });

  it('asks for what is missing', async () => {
    const unnamed = await catalyst('backup', 'restore');
    expect([unnamed.exitCode, unnamed.err]).toEqual([2, 'Name the backup, as catalyst backup list does.\n']);
    expect(await catalyst('backup', 'restore', ids.good, '--audit')).toMatchObject({ exitCode: 2 });
    expect((await catalyst('backup', 'restore', '--only', 'index')).exitCode).toBe(0);
  });
});
