import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { DiscoveryRequest, DiscoveryStep } from '../../ports/sourceDiscovery.ts';
import { crawlMarker, crawlRequest, type WebsiteDefinition } from './crawlRequest.ts';
import { stepTo, type DiscoveryContext } from './discoveryContext.ts';
import { newJob } from './discoveryCursor.ts';
import { failureOfAnswer, isRefusal } from './firecrawlFailures.ts';

const startedSchema = z.object({ id: z.string().min(1) });
const activeSchema = z.object({ crawls: z.array(z.object({ id: z.string(), options: z.object({ excludePaths: z.array(z.string()).nullish() }).nullish() })) });

/**
 * Starts the crawl of a key, or finds the one that an earlier try of this step has started: its answer may have been lost on the way, or
 * with the process that waited for it. A crawl that is not running any more is known to Firecrawl by its key: 409.
 */
export async function startCrawl(context: DiscoveryContext, definition: WebsiteDefinition, key: string, request: DiscoveryRequest): Promise<DiscoveryStep> {
  const running = await findCrawl(context, key, request.signal);
  if (running !== undefined) return reading(context, running);
  const body = crawlRequest(context, definition, key, request);
  const answer = await context.connection.call('crawl', { method: 'POST', path: 'crawl', body, ...(context.idempotencyKeys ? { idempotencyKey: key } : {}) }, request.signal);
  if (answer.status === 409 && context.idempotencyKeys) return stepTo({ phase: 'searching', key, since: context.now() }, { waitMs: context.poll.minimumMs });
  if (isRefusal(answer)) throw failureOfAnswer(`the crawl of ${definition.url}`, answer);
  const started = startedSchema.safeParse(answer.body);
  if (!started.success) throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl took the crawl of ${definition.url}, but names no id.`);
  return reading(context, started.data.id);
}

/** Looks for a crawl that was started, for a bounded time: it is shown only after the robots rules of the site were read. */
export async function searchCrawl(context: DiscoveryContext, definition: WebsiteDefinition, key: string, since: number, signal: AbortSignal): Promise<DiscoveryStep> {
  const running = await findCrawl(context, key, signal);
  if (running !== undefined) return reading(context, running);
  if (context.now() - since <= context.poll.searchMs) return stepTo({ phase: 'searching', key, since }, { waitMs: context.poll.maximumMs });
  throw new CatalystError(
    'FETCHER_REJECTED',
    `Firecrawl took the crawl of ${definition.url} before, its answer was lost, and it is not among the running ones: it has ended or never began. No second one was started; run the source again.`,
  );
}

/** The running crawl of a key; undefined where there is none, or the server does not list them. */
export async function findCrawl(context: DiscoveryContext, key: string, signal: AbortSignal): Promise<string | undefined> {
  const answer = await context.connection.call('status', { method: 'GET', path: 'crawl/active' }, signal);
  if (answer.status === 404) return undefined;
  if (isRefusal(answer)) throw failureOfAnswer('the list of running crawls', answer);
  const active = activeSchema.safeParse(answer.body);
  if (!active.success) throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl answers something that is no list of running crawls: ${z.prettifyError(active.error)}`);
  return active.data.crawls.find(({ options }) => options?.excludePaths?.includes(crawlMarker(key)))?.id;
}

function reading(context: DiscoveryContext, id: string): DiscoveryStep {
  return stepTo({ phase: 'reading', job: newJob('crawl', id, context.now()), group: 0 }, { waitMs: context.poll.minimumMs });
}
