import { z } from 'zod';
import { tenantSchema } from '../../contracts/identifiers.ts';
import { auditScheduleIds, backupWork, consistencyWorkflowId, deletionWorkflowId, indexWork, jobWorkflowId, sourceScheduleId, sweepScheduleId, sweepWorkflowId } from '../../contracts/workflowIds.ts';
import type { Activities } from '../createActivities.ts';

/** The piece of work that an activity's input names. */
export interface NamedWork {
  readonly tenant: string;
  /** Of the workflow that carries it out, or the schedule that starts it. */
  readonly workflowId: string;
  /** Where the input names one. */
  readonly subject?: string;
}

/** What the first argument of an activity is the scope of; or the work of the platform that it belongs to, which is about all tenants. */
type Work = keyof typeof readers | PlatformWork;

export interface PlatformWork {
  /** One of these. */
  readonly platform: readonly string[];
}

const sweepOfAll: PlatformWork = { platform: [sweepScheduleId] };
const auditOfAll: PlatformWork = { platform: [auditScheduleIds.quick] };
const ofAllTenants: PlatformWork = { platform: [...sweepOfAll.platform, ...auditOfAll.platform] };
const changeOfIndex: PlatformWork = { platform: [indexWork] };
const backup: PlatformWork = { platform: [backupWork] };

const idSchema = z.string().regex(/^[\w-]{1,100}$/);

const readers = {
  job: z.looseObject({ tenant: tenantSchema, subject: z.string(), jobId: idSchema }).transform(({ tenant, subject, jobId }): NamedWork => ({ tenant, subject, workflowId: jobWorkflowId(tenant, jobId) })),
  deletion: z.looseObject({ tenant: tenantSchema, deletionId: idSchema }).transform(({ tenant, deletionId }): NamedWork => ({ tenant, workflowId: deletionWorkflowId(tenant, deletionId) })),
  sweep: z.looseObject({ tenant: tenantSchema, sweepId: idSchema }).transform(({ tenant, sweepId }): NamedWork => ({ tenant, workflowId: sweepWorkflowId(tenant, sweepId) })),
  audit: z.looseObject({ tenant: tenantSchema, auditId: idSchema }).transform(({ tenant, auditId }): NamedWork => ({ tenant, workflowId: consistencyWorkflowId(tenant, auditId) })),
  source: z.looseObject({ tenant: tenantSchema, sourceId: idSchema }).transform(({ tenant, sourceId }): NamedWork => ({ tenant, workflowId: sourceScheduleId(tenant, sourceId) })),
} as const;

/** An activity that is not named here does not compile, and is refused besides. */
const workOfActivities = {
  startJob: 'job',
  planUnits: 'job',
  recordFailure: 'job',
  listUnfinished: 'job',
  acceptMissing: 'job',
  undoPage: 'job',
  eraseDryRun: 'job',
  finishJob: 'job',
  acquireDocuments: 'job',
  parseDocuments: 'job',
  chunkDocuments: 'job',
  embedDocuments: 'job',
  upsertDocuments: 'job',
  publishDocuments: 'job',
  previewDocuments: 'job',
  discoverStep: 'job',
  cancelDiscovery: 'job',
  failDiscovery: 'job',
  acceptSourceRun: 'source',
  cancelSourceRun: 'job',
  beginDeletion: 'deletion',
  hideDocuments: 'deletion',
  removeVectors: 'deletion',
  removeArtifacts: 'deletion',
  removeRecords: 'deletion',
  finishDeletion: 'deletion',
  listTenants: ofAllTenants,
  acceptSweep: sweepOfAll,
  beginSweep: 'sweep',
  sweepPage: 'sweep',
  finishSweep: 'sweep',
  acceptAudit: auditOfAll,
  beginAudit: 'audit',
  auditObjects: 'audit',
  auditDocuments: 'audit',
  auditStrangers: 'audit',
  finishAudit: 'audit',
  failAudit: 'audit',
  planCompaction: changeOfIndex,
  planReindex: changeOfIndex,
  failChange: changeOfIndex,
  judgeGeneration: changeOfIndex,
  stopReindex: changeOfIndex,
  openGeneration: changeOfIndex,
  fillGeneration: changeOfIndex,
  verifyGeneration: changeOfIndex,
  switchGeneration: changeOfIndex,
  planRollback: changeOfIndex,
  abandonGeneration: changeOfIndex,
  tendGenerations: changeOfIndex,
  measureRecall: changeOfIndex,
  beginBackup: backup,
  dumpRegistry: backup,
  copyObjects: backup,
  describeIndex: backup,
  finishBackup: backup,
  chooseVerification: backup,
  verifyBackup: backup,
  failVerification: backup,
  removeOldBackups: backup,
  failBackup: backup,
  beginRestore: backup,
  restoreRegistry: backup,
  restoreObjects: backup,
  openServing: backup,
  rebuildIndex: backup,
  finishRestore: backup,
  failRestore: backup,
} as const satisfies Record<keyof Activities, Work>;

/** The work that an activity is asked to do; undefined where its input names none, or the activity is none of ours. */
export function workOf(activity: string, args: readonly unknown[]): NamedWork | PlatformWork | undefined {
  if (!Object.hasOwn(workOfActivities, activity)) return undefined;
  const work: Work = workOfActivities[activity as keyof Activities];
  return typeof work === 'object' ? work : readers[work].safeParse(args[0]).data;
}
