import type { DeadLettersPage, DeadLetterSelection, DeadLetterSummary } from '../contracts/deadLetters.ts';
import type { Job } from '../contracts/jobs.ts';
import type { JobProgress } from '../contracts/progress.ts';
import type { LibraryReader } from './library.ts';

/** What the remaining time of a job is reckoned from. */
export interface ProgressSample {
  readonly progress: Omit<JobProgress, 'remaining'>;
  /** True while the source is still being read, so that the number of documents is not known. */
  readonly openEnded: boolean;
  /** Documents finished in each of the last intervals of work, oldest first, without those spent paused. */
  readonly finishedPerInterval: readonly number[];
  readonly intervalSeconds: number;
}

/** Reads over jobs for people. Throws REGISTRY_UNAVAILABLE. */
export interface JobReports {
  /** Newest first, after the cursor. */
  listJobs(tenant: string, filter: { readonly sourceId?: string | undefined }, cursor: string | undefined, limit: number): Promise<{ readonly jobs: readonly Job[]; readonly next: string | null }>;
  /** undefined where the tenant has no such job. */
  progress(tenant: string, jobId: string): Promise<ProgressSample | undefined>;
  /** Of documents whose labels the reader does not hold without source, message and artifacts. */
  listDeadLetters(reader: LibraryReader, selection: Omit<DeadLetterSelection, 'documents'>, cursor: string | undefined, limit: number): Promise<DeadLettersPage>;
  summariseDeadLetters(reader: LibraryReader): Promise<DeadLetterSummary>;
  /** Tokens that a byte gave in this tenant's documents: p10, p50, p90; undefined while there are too few. */
  tokensPerByte(tenant: string): Promise<{ readonly low: number; readonly expected: number; readonly high: number } | undefined>;
}
