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

async function run(fake: FakeActivities, workflowType: 'createBackup' | 'restoreBackup', input: object): Promise<void> {
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
