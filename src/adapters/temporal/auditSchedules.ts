import { ScheduleOverlapPolicy } from '@temporalio/client';
import { auditScheduleIds, shownAs, taskQueues } from '../../workflows/names.ts';
import { allNamespaces } from './connection.ts';
import type { TemporalClients } from './connection.ts';
import { ensurePlatformSchedule } from './platformSchedule.ts';

/** The name under which the audits of all tenants are shown to operators. */
const allTenants = 'all';

const schedules = [
  { scheduleId: auditScheduleIds.quick, cron: '45 4 * * 1-6', deep: false },
  { scheduleId: auditScheduleIds.deep, cron: '45 4 * * 0', deep: true },
] as const;

/** Audits of all tenants, every night, on Sundays with all that points and artifacts hold: in each namespace, of those whose work runs there. */
export async function ensureAuditSchedules(clients: TemporalClients): Promise<void> {
  for (const namespace of allNamespaces(clients.namespaces)) {
    for (const { scheduleId, cron, deep } of schedules) {
      await ensurePlatformSchedule(clients, namespace, auditScheduleIds.quick, {
        scheduleId,
        spec: { cronExpressions: [cron], jitter: '30m' },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12h' },
        action: { type: 'startWorkflow', workflowType: 'auditTenants', workflowId: scheduleId, taskQueue: taskQueues.ingest, args: [{ deep }], typedSearchAttributes: shownAs(allTenants, 'consistency') },
      });
    }
  }
}
