import { proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/createActivities.ts';
import { taskQueues } from './names.ts';

/**
 * Tries go on for a day: an outage of a dependency is waited for. Failures that a try cannot mend, sites that stay down, and the pause
 * before the next try are decided by the activity itself (src/activities/retries/retryTable.ts); the pauses here follow a worker that was lost.
 */
const patient = {
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  scheduleToCloseTimeout: '24h',
  // Activities beat every 5 s while their process lives, so a killed worker is noticed within this time.
  heartbeatTimeout: '20s',
} as const satisfies ActivityOptions;

/** Reads and writes of the registry. */
export const bookkeeping = proxyActivities<Pick<Activities, 'startJob' | 'planUnits' | 'recordFailure' | 'listUnfinished' | 'finishJob'>>({ ...patient, startToCloseTimeout: '1m' });
export const discovery = proxyActivities<Pick<Activities, 'discoverStep' | 'cancelDiscovery' | 'failDiscovery'>>({ ...patient, startToCloseTimeout: '10m' });
export const previewing = proxyActivities<Pick<Activities, 'previewDocuments'>>({ ...patient, startToCloseTimeout: '2h' });
export const acquisition = proxyActivities<Pick<Activities, 'acquireDocuments'>>({ ...patient, startToCloseTimeout: '30m' });
export const preparation = proxyActivities<Pick<Activities, 'parseDocuments' | 'chunkDocuments'>>({ ...patient, startToCloseTimeout: '1h' });
export const embedding = proxyActivities<Pick<Activities, 'embedDocuments'>>({ ...patient, taskQueue: taskQueues.embed, startToCloseTimeout: '6h' });
export const indexing = proxyActivities<Pick<Activities, 'upsertDocuments' | 'publishDocuments'>>({ ...patient, startToCloseTimeout: '1h' });
/** What a job leads to at its end. */
export const settling = proxyActivities<Pick<Activities, 'acceptMissing' | 'undoPage' | 'eraseDryRun'>>({ ...patient, startToCloseTimeout: '10m' });
export const sourceRuns = proxyActivities<Pick<Activities, 'acceptSourceRun' | 'cancelSourceRun'>>({ ...patient, startToCloseTimeout: '1m' });
export const erasing = proxyActivities<Pick<Activities, 'beginDeletion' | 'hideDocuments' | 'removeVectors' | 'removeArtifacts' | 'removeRecords' | 'finishDeletion'>>({ ...patient, startToCloseTimeout: '1h' });
export const sweeping = proxyActivities<Pick<Activities, 'listTenants' | 'acceptSweep' | 'beginSweep' | 'sweepPage' | 'finishSweep'>>({ ...patient, startToCloseTimeout: '1h' });
export const auditing = proxyActivities<Pick<Activities, 'listTenants' | 'acceptAudit' | 'beginAudit' | 'auditObjects' | 'auditDocuments' | 'auditStrangers' | 'finishAudit' | 'failAudit'>>({ ...patient, startToCloseTimeout: '2h' });
export const changing = proxyActivities<Pick<Activities, 'planCompaction' | 'openGeneration' | 'switchGeneration' | 'planRollback' | 'planReindex' | 'failChange' | 'stopReindex' | 'abandonGeneration' | 'tendGenerations'>>({ ...patient, startToCloseTimeout: '10m' });
export const judging = proxyActivities<Pick<Activities, 'judgeGeneration'>>({ ...patient, startToCloseTimeout: '1h' });
export const backingUp = proxyActivities<Pick<Activities, 'beginBackup' | 'dumpRegistry' | 'copyObjects' | 'describeIndex' | 'finishBackup' | 'chooseVerification' | 'verifyBackup' | 'failVerification' | 'removeOldBackups' | 'failBackup'>>({ ...patient, startToCloseTimeout: '12h' });
export const restoring = proxyActivities<Pick<Activities, 'beginRestore' | 'restoreRegistry' | 'restoreObjects' | 'openServing' | 'rebuildIndex' | 'finishRestore' | 'failRestore'>>({ ...patient, startToCloseTimeout: '12h' });
export const filling = proxyActivities<Pick<Activities, 'fillGeneration' | 'verifyGeneration' | 'measureRecall'>>({ ...patient, startToCloseTimeout: '1h' });
