import type { SourceRunRequest } from '../../contracts/ingestSource.ts';
import type { NewJob } from '../../ports/jobRegistry.ts';

/** How the job is to run, without what was not said. */
export function jobOptionsOf({ budget, concurrency, dryRun }: SourceRunRequest): Pick<NewJob, 'budget' | 'concurrency' | 'dryRun'> {
  return { ...(budget === undefined ? {} : { budget }), ...(concurrency === undefined ? {} : { concurrency }), ...(dryRun ? { dryRun } : {}) };
}
