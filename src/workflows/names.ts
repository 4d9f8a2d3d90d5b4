import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Task queues: light steps and workflows, and the model, whose worker takes few tasks at once. */
export const taskQueues = { ingest: 'catalyst-ingest', embed: 'catalyst-embed' } as const;

/** What operators filter by in the Temporal Web UI. */
export const searchAttributes = {
  tenant: defineSearchAttributeKey('CatalystTenant', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('CatalystJobState', SearchAttributeType.KEYWORD),
  source: defineSearchAttributeKey('CatalystSource', SearchAttributeType.KEYWORD),
} as const;

export const jobWorkflowId = (tenant: string, jobId: string): string => `job/${tenant}/${jobId}`;
export const sliceWorkflowId = (tenant: string, jobId: string, firstIndex: number): string => `job/${tenant}/${jobId}/slice/${firstIndex}`;
/** One document has one writer: two jobs that meet on a document queue up on this id. */
export const documentWorkflowId = (tenant: string, documentId: string): string => `document/${tenant}/${documentId}`;
