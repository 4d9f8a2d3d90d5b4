import type { DocumentResult, Job, JobDocumentsPage, JobEvent, Stage, State } from '../contracts/jobs.ts';
import type { DocumentProgress } from '../contracts/ingestion.ts';
import type { Principal } from '../contracts/principal.ts';
import type { OnMissing, SourceAttributes, SourceDefinition } from '../contracts/sources.ts';
import type { DocumentSpecification } from '../contracts/specification.ts';
import type { Budget, JobControl } from '../contracts/steering.ts';
import type { LibraryReader } from './library.ts';

/** Where a job finds its documents itself. */
export interface JobSource {
  /** null: a source that is read once and not registered. */
  readonly sourceId: string | null;
  readonly definition: SourceDefinition;
  readonly attributes: SourceAttributes;
  readonly onMissing: OnMissing;
}

export interface NewJob {
  readonly jobId: string;
  readonly workflowId: string;
  readonly documents: readonly DocumentSpecification[];
  readonly source?: JobSource;
  readonly budget?: Budget;
  readonly concurrency?: number;
  readonly dryRun?: boolean;
  /** Ingested by the process that accepts it: no workflow is to be started. */
  readonly inProcess?: boolean;
}

/** The workflow that takes up a document, for its history. */
export interface WorkflowRun {
  readonly id: string;
  readonly runId: string;
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

/** Whose job it is. */
export type JobOwner = Pick<Principal, 'tenant' | 'subject'>;

/** What a stage needed, for progress, estimates and cost; for the documents of one call together. */
export interface StageUse {
  readonly stage: Stage;
  readonly seconds: number;
  readonly bytes: number;
  readonly tokens: number;
  readonly credits: number;
  /** As far as it was measured. */
  readonly processorSeconds?: number | undefined;
}

/** Jobs and their documents. Every call is scoped by a tenant; a foreign id is as unknown as a missing one. Throws REGISTRY_UNAVAILABLE. */
export interface JobRegistry {
  /** Stores the job, its documents and the request to start its workflow in one transaction; the same job again changes nothing. */
  accept(owner: JobOwner, job: NewJob): Promise<void>;
  /** undefined where the tenant has no such job. */
  find(tenant: string, jobId: string): Promise<Job | undefined>;
  /**
   * By index, after the cursor (the last index seen, in digits); at most `limit`; undefined where the tenant has no such job. Of documents whose
   * labels the reader does not hold only how their ingestion went.
   */
  listDocuments(reader: LibraryReader, jobId: string, filter: { readonly state?: State }, cursor: string | undefined, limit: number): Promise<JobDocumentsPage | undefined>;
  /** Events after the given id (in digits), oldest first; messages of failures are told of documents without labels alone. */
  listEvents(tenant: string, jobId: string, afterId: string | undefined, limit: number): Promise<JobEvent[]>;
  /** Tasks by index. */
  loadTasks(tenant: string, jobId: string, indexes: readonly number[]): Promise<JobTask[]>;
  /** Tasks that are not finished, with an index above `after`, in order. */
  listUnfinishedTasks(tenant: string, jobId: string, after: number, limit: number): Promise<JobTask[]>;
  /** Also takes a finished job back into work that has unfinished documents again; one in work stays as it is. */
  markJobRunning(tenant: string, jobId: string): Promise<void>;
  /**
   * Marks documents running in a stage and gives them as tasks; finished ones stay as they are and are left out.
   * Throws JOB_PAUSED while the job is paused.
   */
  beginStage(tenant: string, jobId: string, indexes: readonly number[], stage: Stage, run?: WorkflowRun): Promise<JobTask[]>;
  /** Keeps what the stage made of those that go on, records those that ended in it and what it used, in one transaction. */
  endStage(tenant: string, jobId: string, ready: readonly StagedDocument[], finished: readonly DocumentResult[], use?: StageUse): Promise<void>;
  /** Records final results; the first final state of a document stands. Answers the indexes that were recorded now. */
  finishDocuments(tenant: string, jobId: string, results: readonly DocumentResult[]): Promise<number[]>;
  /** Counts tokens, and the texts they are of, as spent, before they are, whether the job has a budget or not; throws BUDGET_EXHAUSTED, and counts none, where they do not fit. */
  spendTokens(tenant: string, jobId: string, tokens: number, embeddings?: number): Promise<void>;
  loadControl(tenant: string, jobId: string): Promise<JobControl>;
  /**
   * Computes the final state from the documents and records it; again gives the same. A job that has unfinished documents (they may have
   * joined in the last moment) is answered as it is, without `finishedAt`: it goes on.
   */
  finishJob(tenant: string, jobId: string): Promise<Job>;
}
