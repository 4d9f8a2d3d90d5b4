import { describe, expect, it } from 'vitest';
import { createOutboxRelay } from '../../../src/api/outboxRelay.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import type { PendingWork } from '../../../src/ports/workOutbox.ts';
import { createMemoryJobRegistry } from '../../support/api/memoryJobRegistry.ts';

const pending = (count: number): PendingWork[] => Array.from({ length: count }, (_, place) => ({ kind: 'job', tenant: 'acme', subject: 'x', id: `job-${place}`, workflowId: `job/acme/job-${place}`, revision: 1 }));

function relayOver(jobs: PendingWork[], start: (work: PendingWork) => Promise<void>) {
  const { outbox } = createMemoryJobRegistry();
  outbox.pending.push(...jobs);
  const events: DomainEvent[] = [];
  const relay = createOutboxRelay({ outbox, workflowStarter: { start, wake: () => Promise.resolve() }, emit: (event) => events.push(event), intervalMs: 20 });
  return { outbox, events, relay };
}

describe('the outbox relay', () => {
  it('starts what waits, more than one batch, each once, and empties the outbox', async () => {
    const started: string[] = [];
    const { outbox, relay } = relayOver(pending(250), (job) => { started.push(job.id); return Promise.resolve(); });
    relay.start();
    await expect.poll(() => outbox.pending).toEqual([]);
    await relay.stop();
    expect(started).toEqual(pending(250).map((job) => job.id));
  });

  it('keeps jobs while the workflow service is away, and goes on when it is back', async () => {
    let down = true;
    const { outbox, events, relay } = relayOver(pending(3), () => (down ? Promise.reject(new CatalystError('WORKFLOWS_UNAVAILABLE', 'away')) : Promise.resolve()));
    relay.start();
    await expect.poll(() => events.length).toBeGreaterThan(1);
    expect(outbox.pending).toHaveLength(3);
    expect(events[0]).toMatchObject({ type: 'dependency.failed', dependency: 'temporal', code: 'WORKFLOWS_UNAVAILABLE' });
    down = false;
    await expect.poll(() => outbox.pending).toEqual([]);
    await relay.stop();
  });

  it('does not let one refused job hold the others', async () => {
    const { outbox, events, relay } = relayOver(pending(5), (job) => (job.id === 'job-1' ? Promise.reject(new TypeError('refused')) : Promise.resolve()));
    relay.start();
    await expect.poll(() => outbox.pending.map((job) => job.id)).toEqual(['job-1']);
    await relay.stop();
    expect(events[0]).toMatchObject({ code: 'INTERNAL', detail: expect.stringContaining('job-1') as string });
  });

  it('ends with the job in work, and starts none after that', async () => {
    let finished = 0;
    const { relay } = relayOver(pending(50), async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      finished += 1;
    });
    relay.start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await relay.stop();
    const after = finished;
    expect(after).toBeLessThan(50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(finished).toBe(after);
  });

  it('survives an outbox that fails', async () => {
    const { outbox, events, relay } = relayOver(pending(1), () => Promise.resolve());
    const list = outbox.list.bind(outbox);
    outbox.list = () => Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'away'));
    relay.start();
    await expect.poll(() => events[0]).toMatchObject({ dependency: 'postgres', code: 'REGISTRY_UNAVAILABLE' });
    outbox.list = list;
    await expect.poll(() => outbox.pending).toEqual([]);
    await relay.stop();
  });
});
