/** How workflows are named. The second part is always the tenant: what acts within a workflow is held against it. */
export const jobWorkflowId = (tenant: string, jobId: string): string => `job/${tenant}/${jobId}`;
export const deletionWorkflowId = (tenant: string, deletionId: string): string => `deletion/${tenant}/${deletionId}`;
export const sweepWorkflowId = (tenant: string, sweepId: string): string => `sweep/${tenant}/${sweepId}`;
export const consistencyWorkflowId = (tenant: string, auditId: string): string => `consistency/${tenant}/${auditId}`;
/** Of the schedule of a source, and the beginning of the ids of the workflows that it starts. */
export const sourceScheduleId = (tenant: string, sourceId: string): string => `source/${tenant}/${sourceId}`;
/** Of the schedule of sweeps of all tenants, and the beginning of the ids of the workflows that it starts. */
export const sweepScheduleId = 'catalyst/sweep';
/** Of the schedules of audits of all tenants. The first is the beginning of the ids of all workflows that they start. */
export const auditScheduleIds = { quick: 'catalyst/consistency', deep: 'catalyst/consistency-deep' } as const;
/** The beginning of the ids of all workflows that change the index as a whole. */
export const indexWork = 'catalyst/index';
/** The beginning of the ids of all workflows that make, verify and restore backups. */
export const backupWork = 'catalyst/backup';

/** Of the set that a workflow makes. */
export function backupIdOf(startedAt: Date, runId: string): string {
  const time = startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${time}-${backupIdOfRun(runId)}`;
}

/** How the id of the set ends that a run makes. */
export function backupIdOfRun(runId: string): string {
  return runId.replaceAll('-', '').slice(-8);
}

const ofTenant = /^(?:job|document|deletion|sweep|consistency|source)\/([a-z0-9][a-z0-9_-]{0,62})\/./;

/** The tenant in the id of a workflow or schedule; undefined for those of the platform, and for ids that are none of ours. */
export function tenantOfWorkflow(workflowId: string): string | undefined {
  return ofTenant.exec(workflowId)?.[1];
}

/** Whether the workflow is part of a piece of work: that itself, one below it, or a run by its schedule, to which Temporal appends the time. */
export function isPartOf(workflowId: string, work: string): boolean {
  return workflowId === work || workflowId.startsWith(`${work}-`) || workflowId.startsWith(`${work}/`);
}
