import type { Budget, JobCancellation, JobPause, RetryRequest } from '../contracts/steering.ts';
import type { DocumentSpecification } from '../contracts/specification.ts';
import type { DeadLetterSelection } from '../contracts/deadLetters.ts';

/** A document that joins a job in work; its index is given when it does. */
export type AddedDocument = Omit<DocumentSpecification, 'index'>;

export interface AddOptions {
  /** Also where the job is finished or being cancelled; a finished one goes back into work. */
  readonly reopen?: boolean;
}

export interface AddedHandle {
  readonly index: number;
  readonly documentId: string;
}

/**
 * Changes to jobs. Every change is stored together with a row of the outbox in one transaction, so that the job's workflow is told of it
 * even where that cannot happen now; the caller then tries at once (`WorkflowStarter.start`). All are safe to repeat.
 * Throw NOT_FOUND for a job the tenant has not, JOB_NOT_RUNNING where it is finished or being cancelled and must not be, REGISTRY_UNAVAILABLE.
 */
export interface JobSteering {
  /** The first pause stands until it is resumed. */
  pause(tenant: string, jobId: string, pause: Omit<JobPause, 'since'>): Promise<void>;
  /** Ends a pause whatever its reason; one for an exhausted budget comes back unless the budget is raised. */
  resume(tenant: string, jobId: string): Promise<void>;
  /** Sets the budget (null: none) and ends a pause. */
  approve(tenant: string, jobId: string, budget: Budget | null): Promise<void>;
  setConcurrency(tenant: string, jobId: string, concurrency: number | null): Promise<void>;
  /** The first cancellation stands; a cancelled job rests no more, so that it can be brought to its end. */
  cancel(tenant: string, jobId: string, cancellation: Omit<JobCancellation, 'at'>): Promise<void>;
  /** Queues failed documents again, of a finished job too, which thereby is cancelled no more; answers how many. What finished stages made of them stays known. */
  retry(tenant: string, jobId: string, request: RetryRequest): Promise<number>;
  /** As `retry`, for dead letters over jobs; jobs that are being cancelled are left out. */
  replay(tenant: string, selection: DeadLetterSelection): Promise<{ readonly documents: number; readonly jobs: readonly string[] }>;
  /** Appends documents; one that the job has already keeps its place. Answers a handle for each, in order. */
  add(tenant: string, jobId: string, documents: readonly AddedDocument[], options?: AddOptions): Promise<AddedHandle[]>;
}
