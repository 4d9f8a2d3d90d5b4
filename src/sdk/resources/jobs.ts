import type { z } from 'zod';
import type { addDocumentsRequestSchema, AddedDocuments, Job } from '../../contracts/jobs.ts';
import { addedDocumentsSchema, jobSchema, jobsPageSchema, retryAnswerSchema } from '../../contracts/jobs.ts';
import { jobProgressSchema } from '../../contracts/progress.ts';
import type { JobProgress } from '../../contracts/progress.ts';
import type { Budget, RetryRequest } from '../../contracts/steering.ts';
import { pathOf } from '../calls.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';

/** Steers and lists jobs. Changes are durable once they are answered. */
export class JobsResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** Newest first. */
  list(options: PageOptions & { readonly sourceId?: string | undefined } = {}): AsyncGenerator<Job, void, undefined> {
    return this.calls.list('/v1/jobs', { sourceId: options.sourceId }, jobsPageSchema, ({ jobs }) => jobs, options);
  }

  progress(jobId: string, options: CallOptions = {}): Promise<JobProgress> {
    return this.calls.get(pathOf('jobs', jobId, 'progress'), jobProgressSchema, options);
  }

  /** Documents in work finish their stage; nothing new is begun until `resume`. */
  pause(jobId: string, options: CallOptions = {}): Promise<Job> {
    return this.calls.send('POST', pathOf('jobs', jobId, 'pause'), undefined, jobSchema, options);
  }

  resume(jobId: string, options: CallOptions = {}): Promise<Job> {
    return this.calls.send('POST', pathOf('jobs', jobId, 'resume'), undefined, jobSchema, options);
  }

  /** Lets a job go on with another budget; null: without one. */
  approve(jobId: string, budget: Budget | null, options: CallOptions = {}): Promise<Job> {
    return this.calls.send('POST', pathOf('jobs', jobId, 'approve'), { budget }, jobSchema, options);
  }

  /** `keep` leaves what is done; `undo` takes it back. */
  cancel(jobId: string, mode: 'keep' | 'undo' = 'keep', options: CallOptions = {}): Promise<Job> {
    return this.calls.send('POST', pathOf('jobs', jobId, 'cancel'), { mode }, jobSchema, options);
  }

  /** null: as configured. */
  setConcurrency(jobId: string, concurrency: number | null, options: CallOptions = {}): Promise<Job> {
    return this.calls.send('PATCH', pathOf('jobs', jobId), { concurrency }, jobSchema, options);
  }

  /** Queues failed documents again, all unless told which; answers how many. Repeated by itself only if the API surely did not take the request: a second one finds none left. */
  async retry(jobId: string, which: RetryRequest = {}, options: CallOptions = {}): Promise<number> {
    return (await this.calls.send('POST', pathOf('jobs', jobId, 'retry'), which, retryAnswerSchema, options, 'byKey')).documents;
  }

  /** Adds documents to a job in work. */
  add(jobId: string, input: z.input<typeof addDocumentsRequestSchema>, options: CallOptions = {}): Promise<AddedDocuments> {
    return this.calls.send('POST', pathOf('jobs', jobId, 'documents'), input, addedDocumentsSchema, options);
  }
}
