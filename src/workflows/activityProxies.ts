import { proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/createActivities.ts';
import { taskQueues } from './names.ts';

/**
 * Tries go on for a day: an outage of a dependency is waited for. Failures that a try cannot mend, and sites that stay down,
 * are marked by the activity itself (src/activities/retryLimits.ts).
 */
const patient = {
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  scheduleToCloseTimeout: '24h',
  // Activities beat every 5 s while their process lives, so a killed worker is noticed within this time.
  heartbeatTimeout: '20s',
} as const satisfies ActivityOptions;

/** Reads and writes of the registry. */
export const bookkeeping = proxyActivities<Pick<Activities, 'startJob' | 'planUnits' | 'recordFailure' | 'listUnfinished' | 'finishJob'>>({ ...patient, startToCloseTimeout: '1m' });
export const acquisition = proxyActivities<Pick<Activities, 'acquireDocuments'>>({ ...patient, startToCloseTimeout: '30m' });
export const preparation = proxyActivities<Pick<Activities, 'parseDocuments' | 'chunkDocuments'>>({ ...patient, startToCloseTimeout: '1h' });
export const embedding = proxyActivities<Pick<Activities, 'embedDocuments'>>({ ...patient, taskQueue: taskQueues.embed, startToCloseTimeout: '6h' });
export const indexing = proxyActivities<Pick<Activities, 'upsertDocuments' | 'publishDocuments'>>({ ...patient, startToCloseTimeout: '1h' });
