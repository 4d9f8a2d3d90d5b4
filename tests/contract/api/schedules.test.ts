import fastCheck from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSourceSchedules } from '../../../src/adapters/temporal/sourceSchedules.ts';
import { createWorkflowStarter } from '../../../src/adapters/temporal/workflowStarter.ts';
import { timezoneObjection } from '../../../src/api/sources/timezone.ts';
import { readCronLine } from '../../../src/contracts/cronLine.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import { scheduleSchema } from '../../../src/contracts/sources.ts';
import type { SourceSchedules } from '../../../src/ports/sourceSchedules.ts';
import { startTestTemporal } from '../../support/temporal.ts';
import type { TestTemporal } from '../../support/temporal.ts';

const tenant = 'acme';
let temporal: TestTemporal;
let schedules: SourceSchedules;

beforeAll(async () => {
  temporal = await startTestTemporal();
  schedules = createSourceSchedules(temporal.clients);
}, 600_000);
afterAll(async () => temporal.close());

/** Whether Temporal itself takes the line; the code of its refusal else. */
async function verdictOf(line: string): Promise<string> {
  const id = newIdentifier();
  try {
    await schedules.apply(tenant, { id, paused: true, schedule: { cron: [line], timezone: 'UTC', jitterSeconds: 0, overlap: 'skip', catchupSeconds: 60 } });
    await schedules.remove(tenant, id);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('a cron line', () => {
  it.each(['0 3 * * *', '*/15 9-17 * * mon-fri', '@daily', '@yearly', '0 0 29 2 *', '0 12 1,15 jan-jun/2 *', '5/20 * * * 7', '0 0 * * sun,TUESDAY', '59 23 31 12 0', '  0 3 * * *  '])('%j is taken here and by Temporal', async (line) => {
    expect([typeof readCronLine(line), await verdictOf(line)]).toEqual(['object', 'taken']);
  });

  it.each(['61 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '* * * *', '@sometimes', '', '*/0 * * * *', '1-b * * * *', '5-3 * * * *', '1-2-3 * * * *', '1/2/3 * * * *', '* * * * fri-mon', ', * * * *', '*-5 * * * *'])('%j is refused here and by Temporal', async (line) => {
    expect([typeof readCronLine(line), await verdictOf(line)]).toEqual(['string', 'INVALID_REQUEST']);
  });

  it('that is taken here is never refused by Temporal', async () => {
    const field = (first: number, last: number) => {
      const value = fastCheck.integer({ min: first, max: last });
      const range = fastCheck.tuple(value, value).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
      const part = fastCheck.tuple(fastCheck.oneof(value.map(String), range, fastCheck.constant('*')), fastCheck.option(fastCheck.integer({ min: 1, max: 99 }))).map(([what, step]) => (step === null ? what : `${what}/${step}`));
      return fastCheck.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(','));
    };
    const line = fastCheck.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7)).map((parts) => parts.join(' '));
    await fastCheck.assert(
      fastCheck.asyncProperty(line, async (text) => {
        if (typeof readCronLine(text) === 'object') expect(await verdictOf(text)).toBe('taken');
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('fits the same times as in Temporal', async () => {
    const id = newIdentifier();
    const line = '*/20 6-8/2 1-7 feb,jul mon';
    await schedules.apply(tenant, { id, paused: true, schedule: scheduleSchema.parse({ cron: [line] }) });
    const times = readCronLine(line);
    if (typeof times === 'string') throw new Error(times);
    const { nextRuns = [] } = (await schedules.describe(tenant, id)) ?? {};
    expect(nextRuns.length).toBeGreaterThan(5);
    for (const run of nextRuns.map((time) => new Date(time))) {
      expect(times.minutes).toContain(run.getUTCMinutes());
      expect(times.hours).toContain(run.getUTCHours());
      expect(times.days).toContain(run.getUTCDate());
      expect(times.months).toContain(run.getUTCMonth() + 1);
      expect(times.weekdays).toContain(run.getUTCDay());
    }
    await schedules.remove(tenant, id);
  });
});

describe('a timezone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kolkata', 'US/Eastern'])('%s is taken here and by Temporal', async (timezone) => {
    const id = newIdentifier();
    expect(timezoneObjection(timezone)).toBeUndefined();
    await schedules.apply(tenant, { id, paused: true, schedule: scheduleSchema.parse({ cron: ['@daily'], timezone }) });
    await schedules.remove(tenant, id);
  });

  it.each(['Mars/Olympus', 'europe/berlin', '+01:00', '../etc/passwd'])('%s is refused here and by Temporal', async (timezone) => {
    expect(timezoneObjection(timezone)).toMatch(/\.$/);
    await expect(schedules.apply(tenant, { id: newIdentifier(), paused: true, schedule: scheduleSchema.parse({ cron: ['@daily'], timezone }) })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('waking a job', () => {
  it('tells its running workflow, and nothing where none runs', async () => {
    const starter = createWorkflowStarter(temporal.clients, { window: 2 });
    const jobId = newIdentifier();
    await starter.wake(tenant, jobId);
    await expect(temporal.client.workflow.getHandle(`job/${tenant}/${jobId}`).describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
    await temporal.client.workflow.start('ingestBatch', { workflowId: `job/${tenant}/${jobId}`, taskQueue: 'nobody-listens' });
    await starter.wake(tenant, jobId);
    await starter.wake('other', jobId);
    const { events } = await temporal.client.workflow.getHandle(`job/${tenant}/${jobId}`).fetchHistory();
    expect(events?.filter(({ workflowExecutionSignaledEventAttributes: signal }) => signal != null).map((event) => event.workflowExecutionSignaledEventAttributes?.signalName)).toEqual(['changed']);
    await temporal.client.workflow.getHandle(`job/${tenant}/${jobId}`).terminate();
    await starter.wake(tenant, jobId);
  });
});
