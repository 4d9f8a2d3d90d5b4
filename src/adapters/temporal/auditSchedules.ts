import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { auditScheduleIds, shownAs, taskQueues } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';

/** The name under which the audits of all tenants are shown to operators. */
const allTenants = 'all';

const schedules = [
  { scheduleId: auditScheduleIds.quick, cron: '45 4 * * 1-6', deep: false },
  { scheduleId: auditScheduleIds.deep, cron: '45 4 * * 0', deep: true },
] as const;

/** Audits of all tenants, every night, on Sundays with all that points and artifacts hold; a schedule that is there stays as it is, since an operator may have made it his own. */
export async function ensureAuditSchedules(client: Client): Promise<void> {
  for (const schedule of schedules) await ensureSchedule(client, schedule);
}

async function ensureSchedule(client: Client, { scheduleId, cron, deep }: (typeof schedules)[number]): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId,
      spec: { cronExpressions: [cron], jitter: '30m' },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12h' },
      action: { type: 'startWorkflow', workflowType: 'auditTenants', workflowId: scheduleId, taskQueue: taskQueues.ingest, args: [{ deep }], typedSearchAttributes: shownAs(allTenants, 'consistency') },
    });
  } catch (thrown) {
    if (thrown instanceof ScheduleAlreadyRunning) return;
    throw translateTemporalError(thrown);
  }
}
