import type { DiscoveryContext } from './discoveryContext.ts';
import type { JobProgress } from './discoveryCursor.ts';
import { failureOfAnswer, isRefusal } from './firecrawlFailures.ts';
import { jobPath } from './jobStatus.ts';

/** Tells Firecrawl to stop; no error if the job is over (409, or 400 in some versions) or gone (404). Throws what a refusal means. */
export async function stopJob(context: DiscoveryContext, job: Pick<JobProgress, 'kind' | 'id'>, signal: AbortSignal): Promise<void> {
  const answer = await context.connection.call('status', { method: 'DELETE', path: jobPath(job) }, signal);
  if (isRefusal(answer) && ![400, 404, 409].includes(answer.status)) throw failureOfAnswer(`the end of ${job.kind} ${job.id}`, answer);
}
