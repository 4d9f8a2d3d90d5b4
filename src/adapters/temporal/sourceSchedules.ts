import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleHandle, ScheduleOptions } from '@temporalio/client';
import { CatalystError } from '../../contracts/errors.ts';
import type { RegisteredSource, Schedule } from '../../contracts/sources.ts';
import type { SourceSchedules } from '../../ports/sourceSchedules.ts';
import { shownAs, sourceScheduleId, taskQueues } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';

const deadlineMs = 10_000;
const overlapPolicies = { skip: ScheduleOverlapPolicy.SKIP, bufferOne: ScheduleOverlapPolicy.BUFFER_ONE, cancelOther: ScheduleOverlapPolicy.CANCEL_OTHER } as const;

/** Schedules of sources in Temporal: each starts `runSource`. What Temporal refuses in a schedule (a cron expression) is INVALID_REQUEST. */
export function createSourceSchedules(client: Client): SourceSchedules {
  const handleOf = (tenant: string, sourceId: string) => client.schedule.getHandle(sourceScheduleId(tenant, sourceId));
  return {
    async apply(tenant, source) {
      if (source.schedule === null) await call(client, () => remove(handleOf(tenant, source.id)));
      else await call(client, () => createOrUpdate(client, optionsOf(tenant, source, source.schedule as Schedule)));
    },

    remove: (tenant, sourceId) => call(client, () => remove(handleOf(tenant, sourceId))),

    async describe(tenant, sourceId) {
      const description = await call(client, () => found(() => handleOf(tenant, sourceId).describe()));
      if (description === undefined) return undefined;
      const { state, info } = description;
      return {
        paused: state.paused,
        nextRuns: info.nextActionTimes.map((time) => time.toISOString()),
        recentRuns: info.recentActions.map(({ takenAt, action }) => ({ at: takenAt.toISOString(), workflowId: action.workflow.workflowId })),
      };
    },

    async backfill(tenant, sourceId, { from, to }) {
      await call(client, async () => {
        // One after the other, whatever the schedule says of overlaps: they would all be due at once.
        const runs = { start: new Date(from), end: new Date(to), overlap: ScheduleOverlapPolicy.BUFFER_ALL };
        if ((await found(() => handleOf(tenant, sourceId).backfill(runs).then(() => true))) === undefined) throw new CatalystError('NOT_FOUND', `The source ${sourceId} has no schedule.`);
      });
    },
  };
}

function optionsOf(tenant: string, { id, paused }: Pick<RegisteredSource, 'id' | 'paused'>, { cron, everySeconds, timezone, jitterSeconds, overlap, catchupSeconds }: Schedule): ScheduleOptions {
  const scheduleId = sourceScheduleId(tenant, id);
  return {
    scheduleId,
    spec: {
      ...(cron === undefined ? {} : { cronExpressions: [...cron] }),
      ...(everySeconds === undefined ? {} : { intervals: [{ every: everySeconds * 1000 }] }),
      timezone,
      ...(jitterSeconds === 0 ? {} : { jitter: jitterSeconds * 1000 }),
    },
    policies: { overlap: overlapPolicies[overlap], catchupWindow: catchupSeconds * 1000 },
    action: { type: 'startWorkflow', workflowType: 'runSource', workflowId: scheduleId, taskQueue: taskQueues.ingest, args: [{ tenant, sourceId: id }], typedSearchAttributes: shownAs(tenant, 'schedule') },
    state: { paused },
  };
}

async function createOrUpdate(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown;
    const { scheduleId, spec, policies = {}, action, state = {} } = options;
    await client.schedule.getHandle(scheduleId).update(() => ({ spec, policies, action, state: { paused: state.paused ?? false } }));
  }
}

async function remove(handle: ScheduleHandle): Promise<void> {
  await found(() => handle.delete());
}

/** undefined where there is no such schedule. */
async function found<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ScheduleNotFoundError) return undefined;
    throw thrown;
  }
}

async function call<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, work);
  } catch (thrown) {
    // So the SDK tells of a specification that the server refuses.
    if (thrown instanceof TypeError) throw new CatalystError('INVALID_REQUEST', `The schedule is not valid: ${thrown.message}.`, { cause: thrown, problems: [{ pointer: '/schedule', code: 'schedule', detail: thrown.message }] });
    throw translateTemporalError(thrown);
  }
}
