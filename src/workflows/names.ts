import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Task queues: light steps and workflows, and the model, whose worker takes few tasks at once. */
export const taskQueues = { ingest: 'catalyst-ingest', embed: 'catalyst-embed' } as const;

/** What operators filter by in the Temporal Web UI. */
export const searchAttributes = {
  tenant: defineSearchAttributeKey('CatalystTenant', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('CatalystJobState', SearchAttributeType.KEYWORD),
  source: defineSearchAttributeKey('CatalystSource', SearchAttributeType.KEYWORD),
} as const;

/** What a workflow shows to operators from its start on. */
export function shownAs(tenant: string, source: string) {
  return [
    { key: searchAttributes.tenant, value: tenant },
    { key: searchAttributes.state, value: 'running' },
    { key: searchAttributes.source, value: source },
  ];
}

export const jobWorkflowId = (tenant: string, jobId: string): string => `job/${tenant}/${jobId}`;
export const sliceWorkflowId = (tenant: string, jobId: string, firstIndex: number): string => `job/${tenant}/${jobId}/slice/${firstIndex}`;
/** One document has one writer: two jobs that meet on a document queue up on this id. */
export const documentWorkflowId = (tenant: string, documentId: string): string => `document/${tenant}/${documentId}`;
export const deletionWorkflowId = (tenant: string, deletionId: string): string => `deletion/${tenant}/${deletionId}`;
export const sweepWorkflowId = (tenant: string, sweepId: string): string => `sweep/${tenant}/${sweepId}`;
/** Of the schedule of a source, and the beginning of the ids of the workflows that it starts. */
export const sourceScheduleId = (tenant: string, sourceId: string): string => `source/${tenant}/${sourceId}`;
/** There is one change of the index at a time, and beside it a way back. */
export const indexCompactionWorkflowId = 'catalyst/index/compaction';
export const indexRollbackWorkflowId = 'catalyst/index/rollback';
export const indexTendingWorkflowId = 'catalyst/index/tending';
/** Of the schedule that looks whether the index is to be made anew. */
export const compactionScheduleId = 'catalyst/compaction';
/** The one schedule of the product itself: sweeps of all tenants. */
export const sweepScheduleId = 'catalyst/sweep';
