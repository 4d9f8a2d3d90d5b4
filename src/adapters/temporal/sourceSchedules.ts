import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleHandle, ScheduleOptions } from '@temporalio/client';
import { CatalystError } from '../../contracts/errors.ts';
import type { RegisteredSource, Schedule } from '../../contracts/sources.ts';
import { tenantOfWorkflow } from '../../contracts/workflowIds.ts';
import type { TenantPrincipal } from '../../contracts/workPrincipal.ts';
import type { SourceSchedules } from '../../ports/sourceSchedules.ts';
import { shownAs, sourceScheduleId, taskQueues } from '../../workflows/names.ts';
import { allNamespaces, translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';
import { isSignedNow, signSchedule } from './scheduleSignature.ts';

const deadlineMs = 10_000;
const overlapPolicies = { skip: ScheduleOverlapPolicy.SKIP, bufferOne: ScheduleOverlapPolicy.BUFFER_ONE, cancelOther: ScheduleOverlapPolicy.CANCEL_OTHER } as const;

/** Who asks for what a schedule starts. */
const scheduleSubject = 'schedule';

export interface TemporalSchedules extends SourceSchedules {
  /** As `apply`, where the schedule is not there or has no principal by the key that signs now; and takes it out of the common namespace where the tenant has its own. True where there was something to do. */
  renew(tenant: string, source: Pick<RegisteredSource, 'id' | 'schedule' | 'paused'>): Promise<boolean>;
  /** Tenants that schedules are named after, as Temporal tells it: where to look, and no proof of anything. */
  listTenants(): Promise<string[]>;
}

/** Schedules of sources in Temporal: each starts `runSource`. What Temporal refuses in a schedule (a cron expression) is INVALID_REQUEST. */
export function createSourceSchedules(clients: TemporalClients): TemporalSchedules {
  const handleOf = (tenant: string, sourceId: string) => clients.of(tenant).schedule.getHandle(sourceScheduleId(tenant, sourceId));
  const call = <Result>(tenant: string, work: () => Promise<Result>) => callWithin(clients.of(tenant), work);
  const apply = async (tenant: string, source: Pick<RegisteredSource, 'id' | 'schedule' | 'paused'>): Promise<void> => {
    if (source.schedule === null) await call(tenant, () => remove(handleOf(tenant, source.id)));
    else await call(tenant, () => createOrUpdate(clients, principalOf(tenant, source.id), optionsOf(tenant, source, source.schedule as Schedule)));
  };
  return {
    apply,

    async renew(tenant, source) {
      const scheduleId = sourceScheduleId(tenant, source.id);
      const client = clients.of(tenant);
      const { common } = clients.namespaces;
      if (client.options.namespace !== common) await call(tenant, () => remove(clients.ofNamespace(common).schedule.getHandle(scheduleId)));
      if (source.schedule === null || (await call(tenant, () => found(() => isSignedNow(client, scheduleId, principalOf(tenant, source.id), clients.signatures))))) return false;
      await apply(tenant, source);
      return true;
    },

    async listTenants() {
      const tenants = new Set<string>();
      for (const namespace of allNamespaces(clients.namespaces)) {
        const client = clients.ofNamespace(namespace);
        for await (const { scheduleId } of client.schedule.list()) tenants.add(tenantOfWorkflow(scheduleId) ?? '');
      }
      tenants.delete('');
      return [...tenants];
    },

    remove: (tenant, sourceId) => call(tenant, () => remove(handleOf(tenant, sourceId))),

    async describe(tenant, sourceId) {
      const description = await call(tenant, () => found(() => handleOf(tenant, sourceId).describe()));
      if (description === undefined) return undefined;
      const { state, info } = description;
      return {
        paused: state.paused,
        nextRuns: info.nextActionTimes.map((time) => time.toISOString()),
        recentRuns: info.recentActions.map(({ takenAt, action }) => ({ at: takenAt.toISOString(), workflowId: action.workflow.workflowId })),
      };
    },

    async backfill(tenant, sourceId, { from, to }) {
      await call(tenant, async () => {
        // One after the other, whatever the schedule says of overlaps: they would all be due at once.
        const runs = { start: new Date(from), end: new Date(to), overlap: ScheduleOverlapPolicy.BUFFER_ALL };
        if ((await found(() => handleOf(tenant, sourceId).backfill(runs).then(() => true))) === undefined) throw new CatalystError('NOT_FOUND', `The source ${sourceId} has no schedule.`);
      });
    },
  };
}

function principalOf(tenant: string, sourceId: string): TenantPrincipal {
  return { kind: 'tenant', tenant, subject: scheduleSubject, workflowId: sourceScheduleId(tenant, sourceId) };
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

async function createOrUpdate(clients: TemporalClients, principal: TenantPrincipal, options: ScheduleOptions): Promise<void> {
  const { scheduleId, spec, policies = {}, action, state = {} } = options;
  try {
    await clients.actingFor(principal).schedule.create(options);
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown;
    const client = clients.of(principal.tenant);
    await client.schedule.getHandle(scheduleId).update(() => ({ spec, policies, action, state: { paused: state.paused ?? false } }));
    await signSchedule(client, scheduleId, principal, clients.signatures);
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
    if (thrown instanceof ScheduleNotFoundError || isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

async function callWithin<Result>(client: Client, work: () => Promise<Result>): Promise<Result> {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, work);
  } catch (thrown) {
    // So the SDK tells of a specification that the server refuses.
    if (thrown instanceof TypeError) throw new CatalystError('INVALID_REQUEST', `The schedule is not valid: ${thrown.message}.`, { cause: thrown, problems: [{ pointer: '/schedule', code: 'schedule', detail: thrown.message }] });
    throw translateTemporalError(thrown);
  }
}

/** As the service itself tells it (gRPC). */
function isNotFound(thrown: unknown): boolean {
  return (thrown as { readonly code?: unknown } | undefined)?.code === 5;
}
