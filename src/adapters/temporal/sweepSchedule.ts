import { ScheduleOverlapPolicy } from '@temporalio/client';
import { shownAs, sweepScheduleId, taskQueues } from '../../workflows/names.ts';
import { allNamespaces } from './connection.ts';
import type { TemporalClients } from './connection.ts';
import { ensurePlatformSchedule } from './platformSchedule.ts';

/** The name under which the sweeps of all tenants are shown to operators. */
const allTenants = 'all';

/** Sweeps of all tenants, every night: in each namespace, of those whose work runs there. */
export async function ensureSweepSchedule(clients: TemporalClients): Promise<void> {
  for (const namespace of allNamespaces(clients.namespaces)) {
    await ensurePlatformSchedule(clients, namespace, sweepScheduleId, {
      scheduleId: sweepScheduleId,
      spec: { cronExpressions: ['15 3 * * *'], jitter: '30m' },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12h' },
      action: { type: 'startWorkflow', workflowType: 'sweepTenants', workflowId: sweepScheduleId, taskQueue: taskQueues.ingest, args: [{}], typedSearchAttributes: shownAs(allTenants, 'sweep') },
    });
  }
}
