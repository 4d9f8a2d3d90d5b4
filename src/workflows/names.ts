import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { backupWork, indexWork, jobWorkflowId } from '../contracts/workflowIds.ts';

/** Task queues: light steps and workflows, and the model, whose worker takes few tasks at once. */
export const taskQueues = { ingest: 'catalyst-ingest', embed: 'catalyst-embed' } as const;

/** What operators filter by in the Temporal Web UI. */
export const searchAttributes = {
  tenant: defineSearchAttributeKey('CatalystTenant', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('CatalystJobState', SearchAttributeType.KEYWORD),
  source: defineSearchAttributeKey('CatalystSource', SearchAttributeType.KEYWORD),
} as const;

/** The name under which work for all tenants is shown to operators. */
export const allTenants = 'all';

/** What a workflow shows to operators from its start on. */
export function shownAs(tenant: string, source: string) {
  return [
    { key: searchAttributes.tenant, value: tenant },
    { key: searchAttributes.state, value: 'running' },
    { key: searchAttributes.source, value: source },
  ];
}

export { auditScheduleIds, backupWork, consistencyWorkflowId, deletionWorkflowId, indexWork, jobWorkflowId, sourceScheduleId, sweepScheduleId, sweepWorkflowId } from '../contracts/workflowIds.ts';

export const sliceWorkflowId = (tenant: string, jobId: string, firstIndex: number): string => `${jobWorkflowId(tenant, jobId)}/slice/${firstIndex}`;
/** One document has one writer: two jobs that meet on a document queue up on this id. */
export const documentWorkflowId = (tenant: string, documentId: string): string => `document/${tenant}/${documentId}`;
/** There is one change of the index at a time, and beside it a way back. */
export const indexCompactionWorkflowId = `${indexWork}/compaction`;
export const indexReindexWorkflowId = `${indexWork}/reindex`;
export const indexRollbackWorkflowId = `${indexWork}/rollback`;
export const indexRecallWorkflowId = `${indexWork}/recall`;
export const indexTendingWorkflowId = `${indexWork}/tending`;

/** One backup is made at a time, and old ones are removed by the same workflow; one restore at a time. */
export const backupWorkflowIds = { create: `${backupWork}/create`, verify: `${backupWork}/verify`, restore: `${backupWork}/restore` } as const;

/** The header that says who a workflow acts for: a signed text, made by whoever accepted the work and handed on unchanged. */
export const principalHeader = 'catalyst-principal';
