import { CatalystError } from '../../../contracts/errors.ts';
import type { DiscoveryRequest, DiscoveryStep, FrontierEntry, SourceDiscovery } from '../../../ports/sourceDiscovery.ts';
import { canonicalAddress } from '../../shared/canonicalAddress.ts';
import type { WebClient } from '../../shared/webClient.ts';
import { Lane, mapWithin } from '../boundedStep.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../retries.ts';
import { CrawlState } from './crawlState.ts';
import { recordVisit, type CrawlRules } from './recordVisit.ts';
import { createSiteScope } from './siteScope.ts';
import { isSitemapEntry, recordSitemap, sitemapsOf, visitSitemap, type SitemapVisit } from './siteSitemaps.ts';
import { countVariation } from './traps.ts';
import { visitPage, type PageVisitor, type Visit } from './visitPage.ts';
import { websiteCursorSchema } from './websiteCursor.ts';
import type { WebsiteDefinition } from './websiteDefinition.ts';

export interface WebsiteDiscoveryOptions {
  /** Its creator closes it. */
  readonly web: WebClient;
  readonly retryPolicy?: RetryPolicy;
  /** After this time a step begins no further page. */
  readonly stepMs?: number;
  readonly pagesAtOnce?: number;
  /** Larger pages are fetched one after the other. */
  readonly usualPageBytes?: number;
  /** Looks at one path under different queries in one run. */
  readonly maximumVariations?: number;
}

/** Crawls a website from its first page and its sitemaps, a few pages a step; the frontier is kept by the caller. */
export function createWebsiteDiscovery(options: WebsiteDiscoveryOptions): SourceDiscovery {
  const largePages = new Lane();
  return {
    step: (request) => crawl(options, largePages, request),
    cancel: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function crawl(options: WebsiteDiscoveryOptions, largePages: Lane, request: DiscoveryRequest): Promise<DiscoveryStep> {
  const { definition } = request;
  if (definition.type !== 'website') throw new CatalystError('INTERNAL', `A ${definition.type} is not a website.`);
  if (request.cursor === null) return begin(options.web, definition);
  const state = new CrawlState(websiteCursorSchema.parse(request.cursor));
  const rules: CrawlRules = { definition, retryPolicy: options.retryPolicy ?? defaultRetryPolicy, scope: createSiteScope(definition, state.hosts) };
  const room = definition.maximumDocuments - request.documentsSoFar;
  if (room <= 0) {
    for (const { address } of request.entries) state.finish(address);
    if (request.entries.length > 0) state.miss('limit', `The limit of ${definition.maximumDocuments} documents was reached: the website has more pages.`);
    return state.toStep();
  }
  // Every page may be a document: no more are looked at than may still join.
  const due = chooseDue(state, request.entries, room, options.maximumVariations ?? 1_000);
  const visitor: PageVisitor = { web: options.web, robotName: options.web.robotName, ignoreQuery: definition.ignoreQuery, usualBytes: options.usualPageBytes ?? 16 * 1024 * 1024, largePages };
  const visits = await visitAll(options, visitor, request, due);
  for (const [place, entry] of due.entries()) {
    const visit = visits[place];
    if (visit === undefined) continue;
    const hosts = state.hosts.size;
    if (visit.type === 'sitemap' || visit.type === 'sitemapFailed') recordSitemap(state, rules, entry, visit);
    else recordVisit(state, rules, entry, visit);
    // The first page turned out to live on another host: that one's sitemaps count, too.
    if (state.hosts.size > hosts && usesSitemaps(definition) && visit.type === 'redirect' && visit.to !== undefined) state.find(sitemapsOf(new URL(visit.to).origin));
  }
  return state.toStep();
}

/** The first step only says where to begin. */
function begin(web: WebClient, definition: WebsiteDefinition): DiscoveryStep {
  web.requireFetchable(definition.url);
  const first = canonicalAddress(definition.url, undefined, { ignoreQuery: definition.ignoreQuery });
  if (first === undefined) throw new CatalystError('URL_FORBIDDEN', 'The address of the website is not an http or https address.');
  const state = new CrawlState({ hosts: [new URL(first).host], retries: {}, chains: {}, digests: '', variations: {}, gaps: {} });
  if (definition.sitemap !== 'only') state.find({ address: first, depth: 0 });
  if (usesSitemaps(definition)) state.find(sitemapsOf(new URL(first).origin));
  return state.toStep();
}

/** "The first page alone" means just that. */
function usesSitemaps({ sitemap, maximumDepth }: WebsiteDefinition): boolean {
  return sitemap === 'only' || (sitemap === 'include' && maximumDepth > 0);
}

function chooseDue(state: CrawlState, entries: readonly FrontierEntry[], room: number, maximumVariations: number): FrontierEntry[] {
  const due: FrontierEntry[] = [];
  for (const entry of entries) {
    if (due.length < room && !state.isWaiting(entry.address) && mayVary(state, entry.address, maximumVariations)) due.push(entry);
  }
  return due;
}

/** False, and done with, where the path was looked at under too many queries already. */
function mayVary(state: CrawlState, address: string, most: number): boolean {
  if (isSitemapEntry(address)) return true;
  const { host, pathname, search } = new URL(address);
  if (search === '') return true;
  const path = host + pathname;
  if ((state.variations.get(path) ?? 0) >= most) {
    state.miss('variations', `The page ${path} exists under more than ${most} queries: the others were left out; exclude them by a pattern, or ignore queries, where that is right.`);
    state.finish(address);
    return false;
  }
  countVariation(state.variations, path);
  return true;
}

async function visitAll(options: WebsiteDiscoveryOptions, visitor: PageVisitor, request: DiscoveryRequest, entries: readonly FrontierEntry[]): Promise<(Visit | SitemapVisit | undefined)[]> {
  const pages = entries.filter(({ address }) => !isSitemapEntry(address));
  const stored = pages.length === 0 ? new Map<string, never>() : await request.findStored(pages.map(({ address }) => `url:${address}`));
  let done = 0;
  const limits = { atOnce: options.pagesAtOnce ?? 8, untilMs: performance.now() + (options.stepMs ?? 8_000) };
  return mapWithin(entries, limits, async (entry) => {
    const visit = isSitemapEntry(entry.address) ? await visitor.largePages.run(() => visitSitemap(options.web, request.signal, entry)) : await visitPage(visitor, request, entry, stored.get(`url:${entry.address}`));
    request.progress({ looked: (done += 1), of: entries.length });
    return visit;
  });
}

