import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeJson } from '../../../src/backups/catalogue.ts';
import { sealed } from '../../../src/backups/manifests.ts';
import { begunKey, failureKey, manifestKey, verificationKey } from '../../../src/backups/setKeys.ts';
import type { ApiDependencies } from '../../../src/api/dependencies.ts';
import { runCli } from '../../../src/cli/main.ts';
import { writeDeletion } from '../../../src/backups/deletionJournal.ts';
import type { BackupRun, Restore, RestoreScope } from '../../../src/contracts/backups.ts';
import type { JournaledDeletion } from '../../../src/contracts/deletionJournal.ts';
import { deletionPageIdOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { IdempotencyRegistry } from '../../../src/ports/idempotencyRegistry.ts';
import { signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';
import { createMemoryBucket } from '../../support/memoryBucket.ts';

const ids = { good: '20260104T011500Z-00000004', unfinished: '20260103T011500Z-00000003', failed: '20260102T011500Z-00000002', altered: '20260101T011500Z-00000001' };
/** Its end is that of the id of the good set. */
const runId = '0190a000-0000-4000-8000-000000000004';
const time = '2026-01-04T01:15:00.000Z';
const file = { key: 'x', bytes: 10, digest: `sha256:${'0'.repeat(64)}` as const, mark: 'm', lines: 2 };
const report = { tables: 30, rows: 5_000, objects: 40, copiedObjects: 39, copiedBytes: 4_000, documents: 20, points: 60, expectedPoints: 60, lostDocuments: 0, lostExamples: [], tenantsToMove: [], deletedSince: 0, resumed: { jobs: 1, deletions: 0, sweeps: 0, audits: 0 } };

/** Each request is the first of its key. */
const idempotency: IdempotencyRegistry = { claim: () => Promise.resolve({ state: 'claimed', seed: newIdentifier() }), renew: () => Promise.resolve(), keep: () => Promise.resolve(), release: () => Promise.resolve() };

let api: RunningApi;
let token: string;
let bucket: ReturnType<typeof createMemoryBucket>;
let asked: unknown[];
let restores: Restore[];
let restored: Restore['report'];
let run: Omit<BackupRun, 'workflowId' | 'runId'>;
/** What the next look at the work tells. */
let nextRun: () => typeof run;
let accepted: { readonly tenant: string; readonly id: string; readonly documents: readonly string[] }[];

beforeEach(async () => {
  bucket = createMemoryBucket();
  asked = [];
  restores = [];
  restored = report;
  accepted = [];
  nextRun = () => run;
  run = { state: 'finished', failure: null, retried: null };
  for (const id of Object.values(ids)) await writeJson(bucket, begunKey(id), { by: 'ada', startedAt: time });
  for (const id of [ids.good, ids.altered]) await writeJson(bucket, manifestKey(id), manifestOf(id));
  await writeJson(bucket, failureKey(ids.failed), { code: 'INDEX_REJECTED', message: 'There was no index.', remedy: 'Make one.' });
  await writeJson(bucket, verificationKey(ids.altered), { at: time, deep: true, files: 1, objects: 40, bytes: 4_000, problems: 1, examples: ['objects/x is missing'] });
  const note = (kind: string) => (...input: unknown[]) => {
    asked.push([kind, ...input]);
    return Promise.resolve({ workflowId: `catalyst/backup/${kind}${kind === 'verify' ? `/${String(input[0])}` : ''}`, runId });
  };
  const restore = (scope: RestoreScope) => {
    restores.push({ id: scope.restoreId, backupId: scope.backupId, parts: [...scope.parts], state: 'finished', by: scope.by, startedAt: time, finishedAt: time, report: restored, failure: null });
    return note('restore')(scope);
  };
  api = await startApi({ backupBucket: bucket, backupWork: { create: note('create'), verify: note('verify'), restore, find: (work) => Promise.resolve(work.runId === runId ? { ...work, ...nextRun() } : undefined) }, deletions: deletionsOf(), tenants: tenantsOf(), restores: { list: () => Promise.resolve(restores) }, idempotency });
  token = await signToken({ roles: ['platform-admin'] });
});
afterEach(() => api.close());

/** A registry that knows the deletion of before, and of the documents all but one. */
function deletionsOf(): ApiDependencies['deletions'] {
  return {
    acceptAgain({ tenant }, { id, documents }) {
      if (id === deletions.known || accepted.some((each) => each.id === id)) return Promise.resolve(undefined);
      const here = documents.filter((document) => document !== documentId(9));
      if (here.length > 0) accepted.push({ tenant, id, documents: here });
      return Promise.resolve(here.length);
    },
    find: (_tenant, id) => Promise.resolve(id === deletions.known ? { reason: 'request' } : accepted.some((each) => each.id === id) ? { reason: 'restore' } : undefined),
  } as ApiDependencies['deletions'];
}

function tenantsOf(): ApiDependencies['tenants'] {
  return {
    find: (tenant: string) => Promise.resolve({ tenant, state: 'active' }),
    beginDeletion(tenant: string, { id }: { readonly id: string }) {
      accepted.push({ tenant, id, documents: [] });
      return Promise.resolve({ account: {}, jobs: [] });
    },
  } as unknown as ApiDependencies['tenants'];
}

const documentId = (number: number): string => `0190a000-0000-5000-8000-${String(number).padStart(12, '0')}`;
const deletions = { known: '0190a000-0000-7000-8000-000000000001', long: '0190a000-0000-7000-8000-000000000002', absent: '0190a000-0000-7000-8000-000000000003', tenant: '0190a000-0000-7000-8000-000000000004', mistake: '0190a000-0000-7000-8000-000000000005', longAgo: '0190a000-0000-7000-8000-000000000006' };

/** Accepted so many seconds after the moment of the backup. */
async function journal(deletionId: string, after: number, more: Partial<JournaledDeletion> = {}): Promise<void> {
  await writeDeletion(bucket, { tenant: 'acme', deletionId, createdAt: new Date(Date.parse(time) + after * 1_000).toISOString(), page: 0, documents: [documentId(1)], endsTenant: false, ...more });
}

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

  it('ends by naming the commands for what a restore leaves to do', async () => {
    const record = restores.push.bind(restores);
    restores.push = (restore: Restore) => record({ ...restore, report: { ...restore.report, tenantsToMove: ['big'], deletedSince: 2 } });
    const { out, exitCode } = await catalyst('backup', 'restore', ids.good, '--wait');
    expect(exitCode).toBe(0);
    expect(out).toContain('catalyst index compact --tenant big\n');
    expect(out).toContain(`2 deletions since then: what they deleted is back. See catalyst backup deletions ${ids.good}, then catalyst backup delete-again ${ids.good}\n`);
  });

  it('asks for what is missing', async () => {
    const unnamed = await catalyst('backup', 'restore');
    expect([unnamed.exitCode, unnamed.err]).toEqual([2, 'Name the backup, as catalyst backup list does.\n']);
    expect(await catalyst('backup', 'restore', ids.good, '--audit')).toMatchObject({ exitCode: 2 });
    expect((await catalyst('backup', 'restore', '--only', 'index')).exitCode).toBe(0);
  });

  it('tells who waits for a backup or a verification what it failed by, and ends with 1', async () => {
    run = { state: 'failed', failure: { code: 'BACKUP_NOT_CONFIGURED', message: 'The worker has no backup bucket.', remedy: 'Set CATALYST_BACKUP_BUCKET.' }, retried: null };
    for (const command of [['backup', 'create', '--wait'], ['backup', 'verify', ids.good, '--wait'], ['backup', 'verify', ids.good, '--deep', '--wait']]) {
      const { exitCode, err } = await catalyst(...command);
      expect([command, exitCode, err]).toEqual([command, 1, 'The worker has no backup bucket (BACKUP_NOT_CONFIGURED)\nSet CATALYST_BACKUP_BUCKET.\n']);
    }
  });

  it('tells who waits what keeps the work from going on, once', async () => {
    const away = { code: 'ARTIFACT_STORE_UNAVAILABLE', message: 'The bucket does not answer.', remedy: 'Look.' } as const;
    const runs: (typeof run)[] = [{ state: 'running', failure: null, retried: null }, { state: 'running', failure: null, retried: away }, { state: 'running', failure: null, retried: away }];
    nextRun = () => runs.shift() ?? run;
    const { exitCode, err } = await catalyst('backup', 'verify', ids.good, '--wait');
    expect([exitCode, err]).toEqual([0, 'It is tried again: The bucket does not answer (ARTIFACT_STORE_UNAVAILABLE)\n']);
  });

  it('shows the set that was made, and what a verification found', async () => {
    const made = await catalyst('backup', 'create', '--wait');
    expect([made.exitCode, made.err]).toEqual([0, '']);
    expect(made.out).toContain(`${ids.good}: finished`);
    const damaged = await catalyst('backup', 'verify', ids.altered, '--wait');
    expect(damaged.exitCode).toBe(1);
    expect(damaged.out).toContain('objects/x is missing');
  });

  it('tells who waits for a restore that ended without a record', async () => {
    const record = restores.push.bind(restores);
    restores.push = (restore: Restore) => record({ ...restore, state: 'running' });
    run = { state: 'failed', failure: { code: 'CANCELLED', message: 'It was terminated.', remedy: 'Begin anew.' }, retried: null };
    expect(await catalyst('backup', 'restore', ids.good, '--wait')).toMatchObject({ exitCode: 1, err: 'It was terminated (CANCELLED)\nBegin anew.\n' });
  });
});

describe('what was deleted since a backup', () => {
  beforeEach(async () => {
    await journal(deletions.longAgo, -86_400);
    await journal(deletions.known, -5);
    await journal(deletions.known, -5, { page: 1, documents: [documentId(2)] });
    await journal(deletions.long, 10, { documents: [documentId(3), documentId(9)] });
    await journal(deletions.long, 10, { page: 1, documents: [documentId(4)] });
    await journal(deletions.absent, 20, { documents: [documentId(9)] });
    await journal(deletions.mistake, 30, { documents: [documentId(5)] });
    await journal(deletions.tenant, 40, { tenant: 'gone', documents: [], endsTenant: true });
  });

  it('is listed with its documents', async () => {
    const { out, exitCode } = await catalyst('backup', 'deletions', ids.good);
    expect(exitCode).toBe(0);
    expect(out).toMatch(new RegExp(`acme +${deletions.long} +2`));
    expect(out).toMatch(new RegExp(`gone +${deletions.tenant} +the tenant`));
    expect(out).not.toContain(deletions.longAgo);
    const told = JSON.parse((await catalyst('backup', 'deletions', ids.good, '--json')).out) as { deletions: JournaledDeletion[] };
    expect(told.deletions.map(({ documents }) => documents.length)).toEqual([1, 1, 2, 1, 1, 1, 0]);
  });

  it('is deleted again once, but for what is known, absent or left alone', async () => {
    const again = await catalyst('backup', 'delete-again', ids.good, '--except', deletions.mistake);
    expect(again).toMatchObject({ exitCode: 0, out: '3 deletions of 2 documents and 1 tenant go on now; known already: 2; of nothing that is here: 1; left alone: 1\n' });
    expect(accepted).toEqual([
      { tenant: 'acme', id: deletions.long, documents: [documentId(3)] },
      { tenant: 'acme', id: deletionPageIdOf(deletions.long, 1), documents: [documentId(4)] },
      { tenant: 'gone', id: deletions.tenant, documents: [] },
    ]);
    const only = await catalyst('backup', 'delete-again', ids.good, '--tenant', 'acme', '--json');
    expect(JSON.parse(only.out)).toMatchObject({ accepted: 1, documents: 1, known: 4, left: 1, next: null });
    expect(accepted.at(-1)).toMatchObject({ id: deletions.mistake });
  });

  it('is read part by part', async () => {
    for (let number = 100; number < 350; number += 1) await journal(documentId(number), 50, { documents: [documentId(number)] });
    expect(JSON.parse((await catalyst('backup', 'delete-again', ids.good, '--json')).out)).toMatchObject({ next: null });
    expect(accepted).toHaveLength(4 + 250);
  });

  it('is nothing that the bucket does not tell', async () => {
    expect((await catalyst('backup', 'deletions', '20260101T011500Z-0000000f')).err).toContain('NOT_FOUND');
    expect((await call('GET', `/v1/backups/${ids.good}/deletions?cursor=sets/`)).status).toBe(422);
    await writeJson(bucket, 'deletions/20260104T011600Z-0190a000-0000-7000-8000-000000000007/000000.json', { tenant: 'acme' });
    expect((await catalyst('backup', 'delete-again', ids.good)).err).toContain('BACKUP_CORRUPT');
  });
});

describe('GET /v1/backups/runs/{runId}', () => {
  it('tells of backups alone', async () => {
    const path = (workflowId: string, id = runId) => `/v1/backups/runs/${id}?workflowId=${encodeURIComponent(workflowId)}`;
    expect(await (await call('GET', path('catalyst/backup/create'))).json()).toEqual({ workflowId: 'catalyst/backup/create', runId, state: 'finished', failure: null, retried: null });
    expect((await call('GET', path('catalyst/backup/create', newIdentifier()))).status).toBe(404);
    for (const other of ['catalyst/index/compaction', 'job/acme/x', 'catalyst/backup/verify/../x']) expect((await call('GET', path(other))).status).toBe(422);
  });
});
