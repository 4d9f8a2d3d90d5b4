import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { SourceDefinition } from '../../contracts/sources.ts';
import type { DiscoveryRequest, DiscoveryStep, UnreadableDocument } from '../../ports/sourceDiscovery.ts';
import { parseTargetUrl } from '../shared/targetUrl.ts';
import { unreadableOf } from './concludeCrawl.ts';
import type { DiscoveryContext } from './discoveryContext.ts';
import { newJob, type DiscoveryCursor, type JobProgress } from './discoveryCursor.ts';
import { failureOfAnswer, isRefusal } from './firecrawlFailures.ts';
import { scrapeOptions } from './firecrawlPage.ts';
import { readJobErrors } from './jobErrors.ts';
import { listedPage, unreadablePage, type PageNaming } from './jobResult.ts';
import { JobResults } from './jobResults.ts';
import { requirePublicName } from './publicNames.ts';
import type { StartTickets } from './startTickets.ts';
import { webhookOf } from './webhookTarget.ts';

export type PagesDefinition = Extract<SourceDefinition, { type: 'pages' }>;

const startedSchema = z.object({ id: z.string().min(1) });
/** For fewer pages a batch is not worth its looks. */
const smallestBatch = 10;

export interface PageList {
  /** Each once, canonical. */
  readonly addresses: readonly string[];
  /** Those that may not be fetched. */
  readonly refused: readonly UnreadableDocument[];
}

/** Looks at every address before Firecrawl sees it: a self-hosted server could reach what lies beside it. */
export function pageList({ isAllowed, allowPrivateAddresses }: DiscoveryContext, { urls }: PagesDefinition, naming: PageNaming): PageList {
  const refused: UnreadableDocument[] = [];
  const addresses = [...new Set(urls.map((url) => naming.canonical(url) ?? url))].filter((address) => {
    try {
      const target = parseTargetUrl(address, isAllowed);
      if (!allowPrivateAddresses) requirePublicName(target);
      return true;
    } catch (error) {
      if (!(error instanceof CatalystError)) throw error;
      refused.push(unreadablePage(address, error));
      return false;
    }
  });
  return { addresses, refused };
}

/** Goes on with the next group, for which a start is prepared and not yet sent; or ends. */
export function nextGroup(addresses: readonly string[], tickets: StartTickets, group: number): DiscoveryCursor {
  if (addresses.length === 0) return { phase: 'finished' };
  const key = randomUUID();
  if (addresses.length >= smallestBatch) tickets.issue(key);
  return { phase: 'chosen', key, group };
}

/** What a start has come to: a job, or pages that are read one by one. */
export type BatchStart = { readonly job: JobProgress } | { readonly oneByOne: true };

/**
 * Starts a batch once at the most. Firecrawl neither honours keys for batches nor lists running ones, so a start whose answer was lost
 * cannot be found again. The ticket was issued in the step before and is used up before the request is sent: only the process that
 * issued it can send the start, and only once. Whoever comes without a ticket does not know, and has the pages read one by one, which is
 * safe to repeat.
 */
export async function startBatch(context: DiscoveryContext, request: DiscoveryRequest, tickets: StartTickets, key: string, addresses: readonly string[]): Promise<BatchStart> {
  if (!tickets.use(key)) return { oneByOne: true };
  const body = { urls: addresses, ignoreInvalidURLs: true, ...scrapeOptions(context.scrapeTimeoutMs), ...webhookOf(context.webhook, request.tenant, request.jobId) };
  try {
    const answer = await context.connection.call('start', { method: 'POST', path: 'batch/scrape', body }, request.signal);
    if ([401, 402, 429].includes(answer.status)) {
      // Refused before anything began: the same step may send it again.
      tickets.issue(key);
      throw failureOfAnswer(`a batch of ${addresses.length} pages`, answer);
    }
    const started = startedSchema.safeParse(answer.body);
    return isRefusal(answer) || !started.success ? { oneByOne: true } : { job: newJob('batch', started.data.id, context.now()) };
  } catch (error) {
    if (!(error instanceof CatalystError)) throw error;
    if (error.code === 'THROTTLED') tickets.issue(key);
    if (error.code === 'FETCHER_UNAVAILABLE') return { oneByOne: true };
    throw error;
  }
}

/** What the batch did not deliver and does not know to be lost for good is read one by one: nothing of a list is ever missing. */
export async function concludeBatch(context: DiscoveryContext, request: DiscoveryRequest, naming: PageNaming, job: JobProgress, addresses: readonly string[]): Promise<Pick<DiscoveryStep, 'documents' | 'unreadable'>> {
  const failed = (await readJobErrors(context, job, request.signal)) ?? [];
  const results = new JobResults(context, request, naming, job);
  const final = failed.filter(({ error }) => !error.class.retryable && error.class.pausesJob !== true);
  const unreadable: UnreadableDocument[] = unreadableOf(final, results, naming);
  const settled = new Set(unreadable.map(({ source }) => source.location));
  const documents = addresses.filter((address) => !settled.has(address) && !results.hasAddress(address)).map((address) => listedPage(address));
  return { documents, unreadable };
}
