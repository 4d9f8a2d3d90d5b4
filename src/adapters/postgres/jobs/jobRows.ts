import type { Selectable } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import type { Source } from '../../../contracts/documents.ts';
import type { Job, JobCounts, JobDiscovery, JobDocument, JobEvent, JobSpending } from '../../../contracts/jobs.ts';
import { costOf } from '../../../contracts/cost.ts';
import { reducedFailure } from './readableRequest.ts';
import type { Schema } from '../schema.ts';

/** What is read beside the row of a job. */
export interface JobDetails {
  readonly tallies: readonly Selectable<Schema['job_tallies']>[];
  /** Most frequent first. */
  readonly failures: Job['failures'];
  /** Addresses of the source that were not looked at yet. */
  readonly pending: number;
}

const time = (value: Date | null): string | null => value?.toISOString() ?? null;

export type JobRow = Selectable<Schema['jobs']>;

export function toJob(row: JobRow, { tallies, failures, pending }: JobDetails, prices: Prices): Job {
  return {
    id: row.id,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    startedAt: time(row.started_at),
    finishedAt: time(row.finished_at),
    counts: toCounts(row, tallies),
    failures,
    workflowId: row.workflow_id,
    dryRun: row.dry_run,
    sourceId: row.source_id,
    discovery: toDiscovery(row, pending),
    pause: row.pause,
    cancellation: row.cancellation,
    concurrency: row.concurrency,
    budget: row.budget,
    spent: toSpending(row, prices),
  };
}

function toDiscovery(row: JobRow, pending: number): JobDiscovery | null {
  if (row.discovery_state === null) return null;
  return { state: row.discovery_state, found: row.discovery_found, pending, gaps: [...row.discovery_gaps], failure: row.discovery_failure };
}

export function toSpending(row: Pick<JobRow, 'spent_bytes' | 'spent_tokens' | 'spent_credits'>, prices: Prices): JobSpending {
  const spent = { bytes: Number(row.spent_bytes), tokens: Number(row.spent_tokens), credits: row.spent_credits };
  return { ...spent, cost: costOf(spent, prices) };
}

export function toCounts(row: Pick<JobRow, 'missing'>, tallies: JobDetails['tallies']): JobCounts {
  const counts = { total: 0, queued: 0, running: 0, partial: 0, succeeded: 0, failed: 0, unchanged: 0, superseded: 0, chunks: 0, missing: row.missing };
  for (const { state, outcome, documents, chunks } of tallies) {
    counts.total += documents;
    counts[state] += documents;
    counts.chunks += Number(chunks);
    if (outcome === 'unchanged' || outcome === 'superseded') counts[outcome] += documents;
  }
  return counts;
}

export type JobDocumentRow = Selectable<Schema['job_documents']>;

/** Of a document whose labels the reader does not hold: how its ingestion went, and nothing of what it is. */
export function toJobDocument(row: JobDocumentRow & { readonly readable: boolean }): JobDocument {
  const { readable } = row;
  const { source, title } = row.specification;
  return {
    index: row.index,
    documentId: row.document_id,
    source: readable ? source : hiddenSource(source),
    title: readable ? (title ?? null) : null,
    state: row.state,
    stage: row.stage,
    outcome: row.outcome,
    versionId: row.version_id,
    chunks: row.chunks,
    pages: row.pages,
    lostPages: row.lost_pages,
    failure: readable || row.failure === null ? row.failure : reducedFailure(row.failure),
    rounds: row.rounds,
    parentId: row.parent_id,
    preview: readable ? row.preview : null,
    startedAt: time(row.started_at),
    finishedAt: time(row.finished_at),
  };
}

/** Where it came from in kind, without its address. */
export function hiddenSource({ type }: Source): Source {
  return { type, location: '' };
}

export function toJobEvent(row: Selectable<Schema['job_events']> & { readonly open: boolean }): JobEvent {
  return {
    id: row.id,
    type: row.type,
    at: row.at.toISOString(),
    index: row.index,
    documentId: row.document_id,
    state: row.state,
    outcome: row.outcome,
    failure: row.open || row.failure === null ? row.failure : reducedFailure(row.failure),
  };
}
