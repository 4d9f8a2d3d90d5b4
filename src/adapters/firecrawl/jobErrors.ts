import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { DiscoveryContext } from './discoveryContext.ts';
import type { JobProgress } from './discoveryCursor.ts';
import { failureOfAnswer, failureOfPage, isRefusal } from './firecrawlFailures.ts';
import { jobPath } from './jobStatus.ts';

const errorsSchema = z.object({
  errors: z.array(z.object({ url: z.string(), code: z.string().nullish(), error: z.string().nullish() })),
  robotsBlocked: z.array(z.string()).nullish().transform((addresses) => addresses ?? []),
});

export interface FailedPage {
  /** As Firecrawl writes it. */
  readonly url: string;
  readonly error: CatalystError;
}

/** Another address led to the same page first: nothing is missing. */
const racedRedirect = 'SCRAPE_RACED_REDIRECT_ERROR';

/**
 * The pages that failed or that robots.txt forbids; undefined where Firecrawl does not know the job any more.
 * Self-hosted servers tell the errors of a batch where those of crawls are.
 */
export async function readJobErrors(context: DiscoveryContext, job: JobProgress, signal: AbortSignal): Promise<readonly FailedPage[] | undefined> {
  for (const path of new Set([jobPath(job), jobPath({ ...job, kind: 'crawl' })])) {
    const answer = await context.connection.call('status', { method: 'GET', path: `${path}/errors` }, signal);
    if (answer.status === 404) continue;
    if (isRefusal(answer)) throw failureOfAnswer(`the failed pages of ${job.kind} ${job.id}`, answer);
    const listed = errorsSchema.safeParse(answer.body);
    if (!listed.success) throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl answers something that is no list of failed pages: ${z.prettifyError(listed.error)}`);
    const { errors, robotsBlocked } = listed.data;
    return [
      ...errors.filter(({ code }) => code !== racedRedirect).map(({ url, code, error }) => ({ url, error: failureOfPage(url, code ?? undefined, error ?? '') })),
      ...robotsBlocked.map((url) => ({ url, error: new CatalystError('ROBOTS_DISALLOWED', `robots.txt does not allow to read ${url}.`) })),
    ];
  }
  return undefined;
}
