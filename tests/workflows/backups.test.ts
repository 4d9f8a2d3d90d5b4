import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackupWork } from '../../src/adapters/temporal/backupWork.ts';
import { taskQueues } from '../../src/workflows/names.ts';
import { FakeActivities } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const backupId = '20260101T000000Z-00000000';

async function run(fake: FakeActivities, workflowType: 'createBackup' | 'verifyBackup' | 'restoreBackup', input: object): Promise<void> {
  await temporal.withWorkers(fake.create(), async () => {
    await temporal.client.workflow.execute(workflowType, { workflowId: `test/${randomUUID()}`, taskQueue: taskQueues.ingest, args: [input] });
  });
}

describe('createBackup', () => {
  it('reads rows before objects, and writes the manifest last', async () => {
    const fake = new FakeActivities({});
    fake.backups.pages = 3;
    await run(fake, 'createBackup', { by: 'tester' });
    expect(fake.backups.steps).toEqual(['begin', 'dump', 'copy', 'copy', 'copy', 'describe', 'finish', 'verify', 'remove old']);
  }, 60_000);

  it('does nothing where there is no bucket', async () => {
    const fake = new FakeActivities({});
    fake.backups.configured = false;
    await run(fake, 'createBackup', { by: 'schedule' });
    expect(fake.backups.steps).toEqual(['begin']);
  }, 60_000);

  it('fails where somebody asked for it and there is no bucket', async () => {
    const fake = new FakeActivities({});
    fake.backups.configured = false;
    await expect(run(fake, 'createBackup', { by: 'tester', isAwaited: true })).rejects.toThrow();
  }, 60_000);

  it('tells that it failed, and removes nothing', async () => {
    const fake = new FakeActivities({});
    fake.backups.failing = 'copy';
    await expect(run(fake, 'createBackup', { by: 'tester' })).rejects.toThrow();
    expect(fake.backups.steps).toEqual(['begin', 'dump', 'copy', 'fail RESTORE_REFUSED']);
  }, 60_000);

  it('runs once at a time', async () => {
    const work = createBackupWork(temporal.clients);
    const { workflowId } = await work.create('tester');
    await expect(work.create('tester')).rejects.toMatchObject({ code: 'CONFLICT' });
    await temporal.client.workflow.getHandle(workflowId).terminate('the test is over');
  }, 60_000);
});

describe('verifyBackup', () => {
  it('reads the one through that is due, where one is', async () => {
    const fake = new FakeActivities({});
    await run(fake, 'verifyBackup', { id: null, deep: true });
    expect(fake.backups.steps).toEqual(['choose']);
    fake.backups.due = backupId;
    await run(fake, 'verifyBackup', { id: null, deep: true });
    expect(fake.backups.steps).toEqual(['choose', 'choose', 'verify deeply']);
  }, 60_000);

  it('tells that nothing is known where it fails', async () => {
    const fake = new FakeActivities({});
    fake.backups.failing = 'verify';
    await expect(run(fake, 'verifyBackup', { id: backupId, deep: false })).rejects.toThrow();
    expect(fake.backups.steps).toEqual(['verify', 'fail verification RESTORE_REFUSED']);
  }, 60_000);
});

describe('who waits', () => {
  it('is told what a run came to, the failure with its code, and nothing of a later run', async () => {
    const work = createBackupWork(temporal.clients);
    const fake = new FakeActivities({});
    fake.backups.configured = false;
    await temporal.withWorkers(fake.create(), async () => {
      const unconfigured = await work.create('tester');
      await expect.poll(() => work.find(unconfigured), { timeout: 20_000 }).toMatchObject({ state: 'failed', failure: { code: 'BACKUP_NOT_CONFIGURED', message: expect.stringContaining('no backup bucket') as string, remedy: expect.stringContaining('CATALYST_BACKUP_BUCKET') as string } });
      fake.backups.failing = 'verify';
      const unverified = await work.verify(backupId, false);
      await expect.poll(() => work.find(unverified), { timeout: 20_000 }).toMatchObject({ state: 'failed', failure: { code: 'RESTORE_REFUSED', message: 'It is not empty.' } });
      fake.backups.configured = true;
      fake.backups.failing = undefined;
      const good = await work.create('tester');
      await expect.poll(() => work.find(good), { timeout: 20_000 }).toEqual({ ...good, state: 'finished', failure: null, retried: null });
      expect(await work.find(unconfigured)).toMatchObject({ state: 'failed', failure: { code: 'BACKUP_NOT_CONFIGURED' } });
    });
    const away = new FakeActivities({});
    away.backups.away = 'dump';
    const waiting = await work.create('tester');
    await temporal.withWorkers(away.create(), async () => {
      await expect.poll(() => work.find(waiting), { timeout: 20_000 }).toMatchObject({ state: 'running', failure: null, retried: { code: 'REGISTRY_UNAVAILABLE', message: 'Postgres is away.' } });
    });
    await temporal.client.workflow.getHandle(waiting.workflowId).terminate('the disk is full');
    expect(await work.find(waiting)).toMatchObject({ state: 'failed', failure: { code: 'CANCELLED', message: expect.stringContaining('ended from outside') as string } });
    expect(await work.find({ ...waiting, runId: randomUUID() })).toBeUndefined();
    expect(await work.find({ ...waiting, workflowId: `catalyst/backup/verify/${backupId}x` })).toBeUndefined();
  }, 90_000);
});

describe('restoreBackup', () => {
  const scope = { restoreId: randomUUID(), backupId, parts: ['registry', 'objects', 'index'], by: 'tester' };

  it('brings back rows, objects and index, and lets work go on last', async () => {
    const fake = new FakeActivities({});
    fake.backups.pages = 2;
    await run(fake, 'restoreBackup', { scope });
    expect(fake.backups.steps).toEqual(['begin restore', 'rows', 'objects', 'objects', 'open', 'index', 'finish restore']);
  }, 60_000);

  it('brings back one part alone', async () => {
    const fake = new FakeActivities({});
    await run(fake, 'restoreBackup', { scope: { ...scope, parts: ['index'] } });
    expect(fake.backups.steps).toEqual(['begin restore', 'open', 'index', 'finish restore']);
  }, 60_000);

  it('changes nothing where it is refused', async () => {
    const fake = new FakeActivities({});
    fake.backups.failing = 'begin restore';
    await expect(run(fake, 'restoreBackup', { scope })).rejects.toThrow();
    expect(fake.backups.steps).toEqual(['begin restore', 'fail restore RESTORE_REFUSED']);
  }, 60_000);
});
