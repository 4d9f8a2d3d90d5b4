import type { Job, JobDocument, JobEvent, State } from '../../../src/contracts/jobs.ts';
import type { ApiDependencies } from '../../../src/api/dependencies.ts';
import type { PendingWork, WorkOutbox } from '../../../src/ports/workOutbox.ts';
import type { JobOwner, NewJob } from '../../../src/ports/jobRegistry.ts';

interface StoredJob {
  readonly tenant: string;
  readonly accepted: NewJob;
  job: Job;
  documents: JobDocument[];
  readonly events: JobEvent[];
}

type Jobs = ApiDependencies['jobs'];

export interface MemoryJobRegistry extends Jobs {
  readonly stored: Map<string, StoredJob>;
  readonly outbox: WorkOutbox & { readonly pending: PendingWork[] };
  /** As the worker would: a document reaches a state, with its event. */
  finishDocument(jobId: string, index: number, state: State): void;
  setJobState(jobId: string, state: State): void;
}

/** Implements the ports over maps; accepting writes the outbox too, as the transaction does. */
export function createMemoryJobRegistry(): MemoryJobRegistry {
  const stored = new Map<string, StoredJob>();
  const pending: PendingWork[] = [];
  let lastEventId = 0;
  const findOf = (tenant: string, jobId: string) => {
    const found = stored.get(jobId);
    return found?.tenant === tenant ? found : undefined;
  };
  return {
    stored,
    outbox: {
      pending,
      list: (_olderThanSeconds, limit) => Promise.resolve(pending.slice(0, limit)),
      find: (id) => Promise.resolve(pending.find((work) => work.id === id)),
      remove({ id, revision }) {
        const place = pending.findIndex((work) => work.id === id && work.revision === revision);
        if (place >= 0) pending.splice(place, 1);
        return Promise.resolve();
      },
    },
    accept({ tenant, subject }: JobOwner, accepted: NewJob) {
      stored.set(accepted.jobId, { tenant, accepted, job: newJob(accepted), documents: accepted.documents.map(toJobDocument), events: [] });
      pending.push({ id: accepted.jobId, kind: 'job', tenant, subject, workflowId: accepted.workflowId, revision: 1 });
      return Promise.resolve();
    },
    find: (tenant, jobId) => Promise.resolve(findOf(tenant, jobId)?.job),
    listDocuments({ tenant }, jobId, filter, cursor, limit) {
      const found = findOf(tenant, jobId);
      if (found === undefined) return Promise.resolve(undefined);
      const after = found.documents.filter((document) => document.index > Number(cursor ?? -1) && (filter.state === undefined || document.state === filter.state));
      const documents = after.slice(0, limit);
      return Promise.resolve({ documents, next: after.length > limit ? String(documents.at(-1)?.index) : null });
    },
    listEvents(tenant, jobId, afterId, limit) {
      const events = findOf(tenant, jobId)?.events ?? [];
      return Promise.resolve(events.filter((event) => Number(event.id) > Number(afterId ?? 0)).slice(0, limit));
    },
    finishDocument(jobId, index, state) {
      const found = stored.get(jobId);
      const document = found?.documents.find((candidate) => candidate.index === index);
      if (found === undefined || document === undefined) throw new Error(`no document ${index} in job ${jobId}`);
      found.documents = found.documents.map((candidate) => (candidate.index === index ? { ...candidate, state } : candidate));
      lastEventId += 1;
      found.events.push({ id: String(lastEventId), type: 'document', at: new Date().toISOString(), index, documentId: document.documentId, state, outcome: 'created', failure: null });
      found.job = { ...found.job, counts: { ...found.job.counts, succeeded: found.documents.filter((candidate) => candidate.state === 'succeeded').length } };
    },
    setJobState(jobId, state) {
      const found = stored.get(jobId);
      if (found === undefined) throw new Error(`no job ${jobId}`);
      found.job = { ...found.job, state };
    },
  };
}

function newJob({ jobId, workflowId, documents, source, budget, concurrency, dryRun }: NewJob): Job {
  const counts = { total: documents.length, queued: documents.length, running: 0, partial: 0, succeeded: 0, failed: 0, unchanged: 0, chunks: 0, missing: 0 };
  return {
    id: jobId, state: 'queued', createdAt: new Date().toISOString(), startedAt: null, finishedAt: null, counts, failures: [], workflowId,
    dryRun: dryRun ?? false, sourceId: source?.sourceId ?? null, pause: null, cancellation: null, concurrency: concurrency ?? null, budget: budget ?? null,
    discovery: source === undefined ? null : { state: 'running', found: 0, pending: 0, gaps: [], failure: null },
    spent: { bytes: 0, tokens: 0, credits: 0, cost: 0 },
  };
}

function toJobDocument({ index, documentId, source, title, parentId }: NewJob['documents'][number]): JobDocument {
  return {
    index, documentId, source, title: title ?? null, state: 'queued', stage: null, outcome: null, versionId: null,
    chunks: null, pages: null, lostPages: [], failure: null, rounds: 1, parentId: parentId ?? null, preview: null, startedAt: null, finishedAt: null,
  };
}
