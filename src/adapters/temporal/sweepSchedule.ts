import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { shownAs, sweepScheduleId, taskQueues } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';

/** The name under which the sweeps of all tenants are shown to operators. */
const allTenants = 'all';

/** Sweeps of all tenants, every night, unless an operator has made the schedule his own: one that is there stays as it is. */
export async function ensureSweepSchedule(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: sweepScheduleId,
      spec: { cronExpressions: ['15 3 * * *'], jitter: '30m' },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12h' },
      action: { type: 'startWorkflow', workflowType: 'sweepTenants', workflowId: sweepScheduleId, taskQueue: taskQueues.ingest, args: [{}], typedSearchAttributes: shownAs(allTenants, 'sweep') },
    });
  } catch (thrown) {
    if (thrown instanceof ScheduleAlreadyRunning) return;
    throw translateTemporalError(thrown);
  }
}
