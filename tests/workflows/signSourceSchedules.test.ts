import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSourceSchedules } from '../../src/adapters/temporal/sourceSchedules.ts';
import { CatalystError } from '../../src/contracts/errors.ts';
import type { DomainEvent } from '../../src/contracts/events.ts';
import { scheduleSchema } from '../../src/contracts/sources.ts';
import type { RegisteredSource } from '../../src/contracts/sources.ts';
import { sourceScheduleId, taskQueues } from '../../src/workflows/names.ts';
import { signSourceSchedules } from '../../temporal/signSourceSchedules.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const schedule = scheduleSchema.parse({ everySeconds: 3_600 });

/** As somebody without the keys makes it, or a version before there were signatures. */
async function unsigned(tenant: string, sourceId: string): Promise<void> {
  const scheduleId = sourceScheduleId(tenant, sourceId);
  await temporal.client.schedule.create({ scheduleId, spec: { intervals: [{ every: '1h' }] }, state: { paused: true }, action: { type: 'startWorkflow', workflowType: 'runSource', workflowId: scheduleId, taskQueue: taskQueues.ingest, args: [{ tenant, sourceId }] } });
}

it('signs schedules of registered sources, lost and new ones too, and nothing that is only in Temporal', async () => {
  const [older, lost, forged, unscheduled] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await unsigned('new-tenant', older);
  await unsigned('acme', forged);
  const source = (id: string, more: Partial<RegisteredSource> = {}) => ({ id, schedule, paused: true, ...more }) as RegisteredSource;
  const held: Record<string, RegisteredSource[]> = { acme: [source(lost), source(unscheduled, { schedule: null })], 'new-tenant': [source(older)] };
  const registeredSources = { list: (tenant: string, cursor: string | undefined) => Promise.resolve({ sources: (held[tenant] ?? []).slice(Number(cursor ?? 0)).slice(0, 1), next: Number(cursor ?? 0) + 1 < (held[tenant] ?? []).length ? String(Number(cursor ?? 0) + 1) : null }) };
  const events: DomainEvent[] = [];
  const schedules = createSourceSchedules(temporal.clients);
  const sign = () => signSourceSchedules({ sweeps: { listTenants: () => Promise.resolve(['acme']) }, registeredSources, schedules, emit: (event) => events.push(event) }, () => false);
  // Lists of schedules follow after a moment.
  await expect.poll(() => schedules.listTenants(), { timeout: 20_000 }).toContain('new-tenant');
  await sign();
  await sign();
  expect(events).toEqual([{ type: 'schedules.signed', looked: 2, signed: 2 }, { type: 'schedules.signed', looked: 2, signed: 0 }]);
  const headerOf = async (tenant: string, sourceId: string) => Object.keys((await temporal.client.schedule.getHandle(sourceScheduleId(tenant, sourceId)).describe()).raw.schedule?.action?.startWorkflow?.header?.fields ?? {});
  expect([await headerOf('new-tenant', older), await headerOf('acme', lost), await headerOf('acme', forged)]).toEqual([['catalyst-principal'], ['catalyst-principal'], []]);
}, 60_000);

it('tells what kept it from its work, and ends', async () => {
  const events: DomainEvent[] = [];
  const away = { listTenants: () => Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'Postgres does not answer.')) };
  await signSourceSchedules({ sweeps: away, registeredSources: { list: () => Promise.resolve({ sources: [], next: null }) }, schedules: createSourceSchedules(temporal.clients), emit: (event) => events.push(event) }, () => false);
  expect(events).toMatchObject([{ type: 'dependency.failed', dependency: 'postgres', code: 'REGISTRY_UNAVAILABLE' }]);
});
