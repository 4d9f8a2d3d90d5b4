import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { DiscoveryContext } from './discoveryContext.ts';
import type { JobProgress } from './discoveryCursor.ts';
import { failureOfAnswer, isRefusal } from './firecrawlFailures.ts';
import { firecrawlPageSchema } from './firecrawlPage.ts';

const count = z.number().int().min(0).catch(0);
const statusSchema = z.object({
  status: z.enum(['scraping', 'completed', 'failed', 'cancelled']),
  completed: count,
  total: count,
  next: z.string().nullish(),
  error: z.string().nullish(),
  data: z.array(firecrawlPageSchema).nullish().transform((data) => data ?? []),
});
export type JobStatus = z.infer<typeof statusSchema>;

export function jobPath({ kind, id }: Pick<JobProgress, 'kind' | 'id'>): string {
  return `${kind === 'crawl' ? 'crawl' : 'batch/scrape'}/${id}`;
}

/** One page of results with the state of the job; undefined where Firecrawl has no such job (any more). */
export async function readStatus(context: DiscoveryContext, job: JobProgress, signal: AbortSignal): Promise<JobStatus | undefined> {
  const answer = await context.connection.call('status', { method: 'GET', path: `${jobPath(job)}?skip=${job.skip}` }, signal);
  if (answer.status === 404) return undefined;
  if (isRefusal(answer)) throw failureOfAnswer(`the results of ${job.kind} ${job.id}`, answer);
  const status = statusSchema.safeParse(answer.body);
  if (!status.success) throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl answers something that is no state of ${job.kind} ${job.id}: ${z.prettifyError(status.error)}`);
  return status.data;
}

/**
 * Where the next page begins. Of `next` nothing but this number is used: its host is whatever the Host header of our own request said.
 * It may count results that were not delivered, so it goes before our own count; undefined where nothing follows.
 */
export function skipOf(next: string | null | undefined): number | undefined {
  if (next === null || next === undefined || !URL.canParse(next, 'https://next.invalid')) return undefined;
  const skip = new URL(next, 'https://next.invalid').searchParams.get('skip');
  return skip !== null && /^\d{1,12}$/.test(skip) ? Number(skip) : undefined;
}
