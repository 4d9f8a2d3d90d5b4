import { ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleDescription, ScheduleHandle, ScheduleOptions } from '@temporalio/client';
import { CatalystError } from '../../contracts/errors.ts';
import type { DeclaredSchedule, PlatformSchedule } from '../../contracts/schedules.ts';
import type { PlatformSchedules } from '../../ports/platformSchedules.ts';
import { allTenants, shownAs, taskQueues } from '../../workflows/names.ts';
import { allNamespaces, translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';
import { ensurePlatformSchedule } from './platformSchedule.ts';
import { driftOf, timesOf } from './scheduleDrift.ts';

const deadlineMs = 10_000;

/** A declared schedule in one namespace. */
interface Place {
  readonly declared: DeclaredSchedule;
  readonly namespace: string;
}

export function createPlatformSchedules(clients: TemporalClients, declared: readonly DeclaredSchedule[]): PlatformSchedules {
  const places = declared.flatMap((schedule): Place[] => (schedule.everyNamespace ? allNamespaces(clients.namespaces) : [clients.namespaces.common]).map((namespace) => ({ declared: schedule, namespace })));
  const handleOf = ({ declared: { name }, namespace }: Place): ScheduleHandle => clients.ofNamespace(namespace).schedule.getHandle(scheduleIdOf(name));
  const call = <Result>({ namespace }: Place, work: () => Promise<Result>) => callWithin(clients, namespace, work);
  const ensure = async (): Promise<void> => {
    for (const { declared: schedule, namespace } of places) await ensurePlatformSchedule(clients, namespace, schedule.work, optionsOf(schedule));
  };
  const list = async (): Promise<PlatformSchedule[]> => Promise.all(places.map(async (place) => toPlatformSchedule(place, await call(place, () => described(handleOf(place))))));
  const named = async (name: string, work: (handle: ScheduleHandle) => Promise<unknown>): Promise<void> => {
    const own = places.filter((place) => place.declared.name === name);
    if (own.length === 0) throw new CatalystError('NOT_FOUND', `No schedule "${name}" is declared: there are ${declared.map((schedule) => schedule.name).join(', ')}.`);
    for (const place of own) await call(place, () => work(handleOf(place)));
  };
  return {
    ensure,
    list,
    async apply() {
      await ensure();
      for (const place of places) {
        const found = await call(place, () => described(handleOf(place)));
        if (found === undefined || driftOf(place.declared, found).length === 0) continue;
        const { spec, policies, action } = optionsOf(place.declared);
        await call(place, () => handleOf(place).update(({ state }) => ({ spec, policies: policies ?? {}, action, state })));
      }
      return list();
    },
    run: (name) => named(name, (handle) => handle.trigger()),
    pause: (name, note) => named(name, (handle) => handle.pause(note)),
    resume: (name) => named(name, (handle) => handle.unpause()),
  };
}

function scheduleIdOf(name: string): string {
  return `catalyst/${name}`;
}

function optionsOf({ name, hour, minute, days: [start, end], jitterMinutes, catchupHours, workflowType, workflowId, input, shownAs: shown }: DeclaredSchedule): ScheduleOptions {
  return {
    scheduleId: scheduleIdOf(name),
    spec: { calendars: [{ hour, minute, dayOfWeek: { start, end } }], jitter: `${jitterMinutes}m` },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: `${catchupHours}h` },
    action: { type: 'startWorkflow', workflowType, workflowId, taskQueue: taskQueues.ingest, args: [input], typedSearchAttributes: shownAs(allTenants, shown) },
  };
}

function toPlatformSchedule({ declared, namespace }: Place, found: ScheduleDescription | undefined): PlatformSchedule {
  const { name, description, jitterMinutes } = declared;
  return {
    name,
    namespace,
    description,
    times: `${timesOf(declared)}, up to ${jitterMinutes} minutes later`,
    state: found === undefined ? 'missing' : found.state.paused ? 'paused' : 'active',
    note: found?.state.note === undefined || found.state.note === '' ? null : found.state.note,
    drift: found === undefined ? [] : driftOf(declared, found),
    nextRuns: (found?.info.nextActionTimes ?? []).map((time) => time.toISOString()),
    recentRuns: (found?.info.recentActions ?? []).map(({ takenAt, action }) => ({ at: takenAt.toISOString(), workflowId: action.workflow.workflowId })),
  };
}

async function described(handle: ScheduleHandle): Promise<ScheduleDescription | undefined> {
  try {
    return await handle.describe();
  } catch (thrown) {
    if (thrown instanceof ScheduleNotFoundError) return undefined;
    throw thrown;
  }
}

async function callWithin<Result>(clients: TemporalClients, namespace: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await clients.ofNamespace(namespace).withDeadline(Date.now() + deadlineMs, work);
  } catch (thrown) {
    if (thrown instanceof ScheduleNotFoundError) throw new CatalystError('NOT_FOUND', `The schedule ${thrown.scheduleId} is not there: apply the declared ones.`, { cause: thrown });
    throw translateTemporalError(thrown);
  }
}
