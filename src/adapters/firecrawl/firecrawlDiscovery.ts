import { randomUUID } from 'node:crypto';
import { CatalystError } from '../../contracts/errors.ts';
import type { SourceDefinition } from '../../contracts/sources.ts';
import type { DiscoveryRequest, DiscoveryStep, SourceDiscovery } from '../../ports/sourceDiscovery.ts';
import { createAddressFilter } from '../shared/addressPatterns.ts';
import { isPublicAddress } from '../shared/addressRules.ts';
import { canonicalAddress } from '../shared/canonicalAddress.ts';
import { parseTargetUrl } from '../shared/targetUrl.ts';
import { concludeBatch, nextGroup, pageList, startBatch, type PagesDefinition } from './batchPages.ts';
import { concludeCrawl } from './concludeCrawl.ts';
import type { WebsiteDefinition } from './crawlRequest.ts';
import { stepTo, type DiscoveryContext, type PollTiming } from './discoveryContext.ts';
import { readCursor, type DiscoveryCursor } from './discoveryCursor.ts';
import { connectToFirecrawl, type FirecrawlConnectionOptions } from './firecrawlConnection.ts';
import { followJob } from './followJob.ts';
import { listedPage, type PageNaming } from './jobResult.ts';
import { mapSite } from './mapSite.ts';
import { requirePublicName } from './publicNames.ts';
import { findCrawl, searchCrawl, startCrawl } from './startCrawl.ts';
import { StartTickets } from './startTickets.ts';
import { stopJob } from './stopJob.ts';
import type { WebhookTarget } from './webhookTarget.ts';

export interface FirecrawlDiscoveryOptions extends FirecrawlConnectionOptions {
  /** For one page. */
  readonly timeoutMs: number;
  /** Of the Markdown of one page. */
  readonly maximumBytes: number;
  readonly allowPrivateAddresses?: boolean;
  /** Firecrawl is asked to call it, where it is given; what it is told there only wakes the next look. */
  readonly webhook?: WebhookTarget | undefined;
  readonly poll?: Partial<PollTiming>;
  /** By default for the cloud only: a self-hosted server without its database answers 500 to every start with a key. */
  readonly idempotencyKeys?: boolean;
  /** Pages in a batch. */
  readonly batchSize?: number;
  readonly now?: () => number;
}

const usualTiming: PollTiming = { minimumMs: 2_000, maximumMs: 30_000, stalledAfterMs: 30 * 60_000, searchMs: 180_000, stepMs: 5_000 };
/** An answer holds 10 MiB of pages, or one page that is larger. */
const answerBytes = 256 * 1024 ** 2;

/** Finds the pages of a website (crawl), a sitemap (map) or a list (batches) through Firecrawl. */
export function createFirecrawlDiscovery(options: FirecrawlDiscoveryOptions): SourceDiscovery {
  const connection = connectToFirecrawl(options, answerBytes);
  const allowPrivateAddresses = options.allowPrivateAddresses === true;
  const context: DiscoveryContext = {
    connection,
    isAllowed: allowPrivateAddresses ? () => true : isPublicAddress,
    allowPrivateAddresses,
    scrapeTimeoutMs: options.timeoutMs,
    maximumBytes: options.maximumBytes,
    poll: { ...usualTiming, ...options.poll },
    idempotencyKeys: options.idempotencyKeys ?? isCloud(options.apiUrl),
    webhook: options.webhook,
    batchSize: options.batchSize ?? 200,
    now: options.now ?? Date.now,
  };
  const tickets = new StartTickets();

  return {
    async step(request) {
      const cursor = readCursor(request.cursor);
      if (cursor?.phase === 'finished') return stepTo(cursor);
      const { definition } = request;
      switch (definition.type) {
        case 'website':
          return definition.sitemap === 'only' ? listWebsite(context, request, definition) : crawl(context, request, definition, cursor);
        case 'sitemap':
          return mapSite(context, request, namingOf(definition), { url: allowed(context, definition.url), maximumDocuments: definition.maximumDocuments, subdomains: true });
        case 'pages':
          return readPages(context, request, definition, tickets, cursor);
        default:
          throw new CatalystError('FETCHER_REJECTED', `Firecrawl does not read a source of the type "${definition.type}".`);
      }
    },
    cancel: (_definition, cursor) => cancelJob(context, readCursor(cursor)),
    close: () => connection.close(),
  };
}

async function crawl(context: DiscoveryContext, request: DiscoveryRequest, definition: WebsiteDefinition, cursor: DiscoveryCursor | undefined): Promise<DiscoveryStep> {
  switch (cursor?.phase) {
    case undefined:
    case 'finished':
      allowed(context, definition.url);
      // The key is kept before it is used: whoever repeats the next step uses the same.
      return stepTo({ phase: 'chosen', key: randomUUID(), group: 0 });
    case 'chosen':
      return startCrawl(context, definition, cursor.key, request);
    case 'searching':
      return searchCrawl(context, definition, cursor.key, cursor.since, request.signal);
    case 'reading':
      return followJob(context, request, namingOf(definition), 0, cursor.job);
    case 'concluding':
      return concludeCrawl(context, request, namingOf(definition), definition.maximumDocuments, cursor.job, cursor.ending);
  }
}

function listWebsite(context: DiscoveryContext, request: DiscoveryRequest, definition: WebsiteDefinition): Promise<DiscoveryStep> {
  const { maximumDocuments, subdomains } = definition;
  return mapSite(context, request, namingOf(definition), { url: allowed(context, definition.url), maximumDocuments, subdomains });
}

async function readPages(context: DiscoveryContext, request: DiscoveryRequest, definition: PagesDefinition, tickets: StartTickets, cursor: DiscoveryCursor | undefined): Promise<DiscoveryStep> {
  const naming = namingOf(definition);
  const { addresses: all, refused } = pageList(context, definition, naming);
  const addressesOf = (group: number): readonly string[] => all.slice(group * context.batchSize, (group + 1) * context.batchSize);
  if (cursor === undefined || cursor.phase === 'finished' || cursor.phase === 'searching') return stepTo(nextGroup(addressesOf(0), tickets, 0), { unreadable: refused });
  const following = (): DiscoveryCursor => nextGroup(addressesOf(cursor.group + 1), tickets, cursor.group + 1);
  switch (cursor.phase) {
    case 'chosen': {
      const started = await startBatch(context, request, tickets, cursor.key, addressesOf(cursor.group));
      if ('job' in started) return stepTo({ phase: 'reading', job: started.job, group: cursor.group }, { waitMs: context.poll.minimumMs });
      return stepTo(following(), { documents: addressesOf(cursor.group).map((address) => listedPage(address)) });
    }
    case 'reading':
      return followJob(context, request, namingOfGroup(naming, addressesOf(cursor.group)), cursor.group, cursor.job);
    case 'concluding': {
      const addresses = addressesOf(cursor.group);
      return stepTo(following(), await concludeBatch(context, request, namingOfGroup(naming, addresses), cursor.job, addresses));
    }
  }
}

/** Also where a start is not known to have happened: a crawl is then found by its key; a batch is not, and its results end unread. */
async function cancelJob(context: DiscoveryContext, cursor: DiscoveryCursor | undefined): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  if (cursor?.phase === 'reading' || cursor?.phase === 'concluding') return stopJob(context, cursor.job, signal);
  if (cursor?.phase !== 'chosen' && cursor?.phase !== 'searching') return;
  const id = await findCrawl(context, cursor.key, signal);
  if (id !== undefined) await stopJob(context, { kind: 'crawl', id }, signal);
}

function namingOf(definition: Exclude<SourceDefinition, { type: 'feed' | 'bucket' }>): PageNaming {
  if (definition.type === 'pages') return { canonical: (address) => canonicalAddress(address), isWanted: () => true, by: 'asked' };
  const ignoreQuery = definition.type === 'website' && definition.ignoreQuery;
  return { canonical: (address) => canonicalAddress(address, undefined, { ignoreQuery }), isWanted: createAddressFilter(definition), by: 'final' };
}

/** Results that were not asked for are no pages of the list. */
function namingOfGroup(naming: PageNaming, addresses: readonly string[]): PageNaming {
  const group = new Set(addresses);
  return { ...naming, isWanted: (address) => group.has(address) };
}

function allowed(context: DiscoveryContext, url: string): string {
  const target = parseTargetUrl(url, context.isAllowed);
  if (!context.allowPrivateAddresses) requirePublicName(target);
  return target.href;
}

function isCloud(apiUrl: string | undefined): boolean {
  return apiUrl === undefined || /(^|\.)firecrawl\.dev$/.test(new URL(apiUrl).hostname);
}
