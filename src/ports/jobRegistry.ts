import type { DocumentResult, Job, JobDocumentsPage, JobEvent, Stage, State } from '../contracts/jobs.ts';
import type { DocumentProgress } from '../contracts/ingestion.ts';
import type { Principal } from '../contracts/principal.ts';
import type { DocumentSpecification } from '../contracts/specification.ts';

export interface NewJob {
  readonly jobId: string;
  readonly workflowId: string;
  readonly documents: readonly DocumentSpecification[];
}

/** A document of a job as ingestion sees it. */
export interface JobTask {
  readonly index: number;
  readonly sequence: number;
  readonly specification: DocumentSpecification;
  readonly state: State;
  /** What the stages before have made; null before the first has ended. */
  readonly progress: DocumentProgress | null;
}

/** A document that a stage is done with and that goes on to the next. */
export interface StagedDocument {
  readonly index: number;
  readonly progress: DocumentProgress;
}

/** Jobs and their documents. Every call is scoped by a tenant; a foreign id is as unknown as a missing one. Throws REGISTRY_UNAVAILABLE. */
export interface JobRegistry {
  /** Stores the job, its documents and the request to start its workflow in one transaction. */
  accept(principal: Principal, job: NewJob): Promise<void>;
  /** undefined where the tenant has no such job. */
  find(tenant: string, jobId: string): Promise<Job | undefined>;
  /** By index, after the cursor (the last index seen, in digits); at most `limit`; undefined where the tenant has no such job. */
  listDocuments(tenant: string, jobId: string, filter: { readonly state?: State }, cursor: string | undefined, limit: number): Promise<JobDocumentsPage | undefined>;
  /** Events after the given id (in digits), oldest first. */
  listEvents(tenant: string, jobId: string, afterId: string | undefined, limit: number): Promise<JobEvent[]>;
  /** Tasks by index. */
  loadTasks(tenant: string, jobId: string, indexes: readonly number[]): Promise<JobTask[]>;
  /** Tasks that are not finished, with an index above `after`, in order. */
  listUnfinishedTasks(tenant: string, jobId: string, after: number, limit: number): Promise<JobTask[]>;
  markJobRunning(tenant: string, jobId: string): Promise<void>;
  /** Marks documents running in a stage and gives them as tasks; finished ones stay as they are and are left out. */
  beginStage(tenant: string, jobId: string, indexes: readonly number[], stage: Stage): Promise<JobTask[]>;
  /** Keeps what the stage made of those that go on and records those that ended in it, in one transaction. */
  endStage(tenant: string, jobId: string, ready: readonly StagedDocument[], finished: readonly DocumentResult[]): Promise<void>;
  /** Records final results; the first final state of a document stands. */
  finishDocuments(tenant: string, jobId: string, results: readonly DocumentResult[]): Promise<void>;
  /** Computes the final state from the documents and records it; again gives the same. */
  finishJob(tenant: string, jobId: string): Promise<Job>;
}
