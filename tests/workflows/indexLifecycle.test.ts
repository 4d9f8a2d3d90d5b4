import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIndexChanges } from '../../src/adapters/temporal/indexChanges.ts';
import { indexTendingWorkflowId, taskQueues } from '../../src/workflows/names.ts';
import { FakeActivities } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

async function run(fake: FakeActivities, workflowType: 'compactIndex' | 'reindexIndex' | 'rollBackIndex', input: object = {}): Promise<void> {
  await temporal.withWorkers(fake.create(), async () => {
    try {
      await temporal.client.workflow.execute(workflowType, { workflowId: `test/${randomUUID()}`, taskQueue: taskQueues.ingest, args: [{ by: 'tester', ...input }] });
    } finally {
      await temporal.client.workflow.getHandle(indexTendingWorkflowId).result();
    }
  });
}

describe('compactIndex', () => {
  it('fills, compares, switches, and only then lets the one before be tended', async () => {
    const fake = new FakeActivities({});
    fake.generations.pages = 3;
    await run(fake, 'compactIndex');
    expect(fake.generations.steps).toEqual(['plan', 'open green', 'fill green', 'fill green', 'fill green', 'verify green', 'switch green (compaction)', 'tend']);
  }, 60_000);

  it('does nothing where there is nothing to do, and tends what is left', async () => {
    const fake = new FakeActivities({});
    fake.generations.planned = null;
    await run(fake, 'compactIndex', { force: true });
    expect(fake.generations.steps).toEqual(['plan by force', 'tend']);
  }, 60_000);

  it('never switches to a generation that is not what it should be', async () => {
    const fake = new FakeActivities({});
    fake.generations.wanting.add('green');
    await expect(run(fake, 'compactIndex')).rejects.toThrow();
    expect(fake.generations.steps).toEqual(['plan', 'open green', 'fill green', 'verify green', 'abandon green (GENERATION_INCOMPLETE)', 'tend']);
  }, 60_000);

  it('looks at the collections of tenants after the shared one, also where that failed', async () => {
    const fake = new FakeActivities({});
    fake.generations.dedicated = ['big', 'vast'];
    fake.generations.wanting.add('green').add('green-big');
    await expect(run(fake, 'compactIndex', { force: true })).rejects.toThrow();
    const steps = fake.generations.steps.filter((step) => /^(plan|abandon|switch|tend)/.test(step));
    expect(steps).toEqual(['plan by force', 'abandon green (GENERATION_INCOMPLETE)', 'plan of big', 'abandon green-big (GENERATION_INCOMPLETE)', 'plan of vast', 'switch green-vast (compaction)', 'tend']);
  }, 60_000);

  it('looks at one tenant alone, or at who comes back alone, where that is asked for', async () => {
    const fake = new FakeActivities({});
    fake.generations.dedicated = ['big', 'vast'];
    await run(fake, 'compactIndex', { tenant: 'big', force: true });
    await run(fake, 'compactIndex', { takeBack: ['big'] });
    expect(fake.generations.steps.filter((step) => step.startsWith('plan'))).toEqual(['plan of big by force', 'plan with big']);
  }, 60_000);

  it('runs once at a time', async () => {
    const changes = createIndexChanges(temporal.clients);
    const { workflowId } = await changes.compact('tester', { force: true });
    await expect(changes.compact('tester', { force: true })).rejects.toMatchObject({ code: 'CONFLICT' });
    await temporal.client.workflow.getHandle(workflowId).terminate('the test is over');
  }, 60_000);
});

describe('reindexIndex', () => {
  const trial = { gates: { qualityLoss: 0, overlap: 0, latencyFactor: 3 }, smoke: [] };

  it('only tells what it would take where nothing is approved', async () => {
    const fake = new FakeActivities({});
    await run(fake, 'reindexIndex', { trial });
    expect(fake.generations.steps).toEqual(['plan reindex up to 0', 'tend']);
  }, 60_000);

  it('fills, compares, judges, and only then switches', async () => {
    const fake = new FakeActivities({});
    await run(fake, 'reindexIndex', { trial, maximumTokens: 5 });
    expect(fake.generations.steps).toEqual(['plan reindex up to 5', 'open green', 'fill green', 'verify green', 'judge green', 'switch green (reindex)', 'tend']);
  }, 60_000);

  it('never switches to one that does not pass, and keeps it', async () => {
    const fake = new FakeActivities({});
    fake.generations.isGood = false;
    await run(fake, 'reindexIndex', { trial, maximumTokens: 5 });
    expect(fake.generations.steps).toEqual(['plan reindex up to 5', 'open green', 'fill green', 'verify green', 'judge green', 'tend']);
  }, 60_000);

  it('stops where it may spend no more, and keeps what it has', async () => {
    const fake = new FakeActivities({});
    fake.generations.isTooDear = true;
    await run(fake, 'reindexIndex', { trial, maximumTokens: 5 });
    expect(fake.generations.steps).toEqual(['plan reindex up to 5', 'open green', 'fill green', 'stop green (REINDEX_BUDGET_EXHAUSTED)', 'tend']);
  }, 60_000);

  it('gives up one that is not what it should be', async () => {
    const fake = new FakeActivities({});
    fake.generations.wanting.add('green');
    await expect(run(fake, 'reindexIndex', { trial, maximumTokens: 5 })).rejects.toThrow();
    expect(fake.generations.steps).toEqual(['plan reindex up to 5', 'open green', 'fill green', 'verify green', 'abandon green (GENERATION_INCOMPLETE)', 'tend']);
  }, 60_000);
});

describe('rollBackIndex', () => {
  it('tells of it where there is no way back', async () => {
    const fake = new FakeActivities({});
    fake.generations.isWayBackOpen = false;
    await expect(temporal.withWorkers(fake.create(), () => temporal.client.workflow.execute('rollBackIndex', { workflowId: `test/${randomUUID()}`, taskQueue: taskQueues.ingest, args: [{ by: 'tester' }] }))).rejects.toThrow();
    expect(fake.generations.steps).toEqual(['plan rollback', 'fail rollback (CONFLICT)']);
  }, 60_000);

  it('switches to the one before', async () => {
    const fake = new FakeActivities({});
    await run(fake, 'rollBackIndex');
    expect(fake.generations.steps).toEqual(['plan rollback', 'switch blue (rollback)', 'tend']);
  }, 60_000);

  it('of a tenant switches its alias alone', async () => {
    const fake = new FakeActivities({});
    await run(fake, 'rollBackIndex', { tenant: 'big' });
    expect(fake.generations.steps).toEqual(['plan rollback of big', 'switch blue (rollback) for big', 'tend']);
  }, 60_000);
});
