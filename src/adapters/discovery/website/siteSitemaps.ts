import { toCatalystError, type CatalystError } from '../../../contracts/errors.ts';
import type { FrontierEntry } from '../../../ports/sourceDiscovery.ts';
import { canonicalAddress } from '../../shared/canonicalAddress.ts';
import type { WebClient } from '../../shared/webClient.ts';
import { fetchSitemap } from '../sitemap/fetchSitemap.ts';
import type { Sitemap } from '../sitemap/readSitemap.ts';
import { concernsPage } from '../unreadable.ts';
import type { CrawlState } from './crawlState.ts';
import { isPartOf, type CrawlRules } from './recordVisit.ts';

/** Sitemaps wait in the frontier among the pages, under this mark. */
const mark = 'sitemap:';
/** Indexes of indexes are not allowed, and exist. */
const deepestNesting = 3;
/** Pages of a sitemap count as linked from the first page. */
const pageDepth = 1;
const mostGaps = 20;

export type SitemapVisit = { readonly type: 'sitemap'; readonly sitemap: Sitemap } | { readonly type: 'sitemapFailed'; readonly error: CatalystError };

export function isSitemapEntry(address: string): boolean {
  return address.startsWith(mark);
}

/** Those that robots.txt names, else the usual address. */
export async function findSitemaps(web: WebClient, address: string, signal: AbortSignal): Promise<FrontierEntry[]> {
  const usual = new URL('/sitemap.xml', address).href;
  const named = await web.listSitemaps(address, signal).catch((thrown: unknown): readonly string[] => {
    const error = toCatalystError(thrown);
    // A robots.txt that cannot be read is told of the pages, each of which asks for it.
    if (concernsPage(error) || error.code === 'THROTTLED') return [];
    throw error;
  });
  const addresses = named.map((name) => canonicalAddress(name, address)).filter((name) => name !== undefined);
  return (addresses.length === 0 ? [usual] : addresses).map((name) => ({ address: mark + name, depth: pageDepth }));
}

export async function visitSitemap(web: WebClient, signal: AbortSignal, entry: FrontierEntry): Promise<SitemapVisit> {
  try {
    return { type: 'sitemap', sitemap: (await fetchSitemap(web, entry.address.slice(mark.length), signal)).sitemap };
  } catch (thrown) {
    const error = toCatalystError(thrown);
    if (concernsPage(error) || error.code === 'THROTTLED' || error.code === 'CORRUPT_DOCUMENT') return { type: 'sitemapFailed', error };
    throw error;
  }
}

export function recordSitemap(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, visit: SitemapVisit): void {
  if (visit.type === 'sitemapFailed') return recordFailure(state, rules, entry, visit.error);
  const { ignoreQuery } = rules.definition;
  for (const { address: text } of visit.sitemap.pages) {
    const address = canonicalAddress(text, undefined, { ignoreQuery });
    if (address !== undefined && isPartOf(state, rules, address, false)) state.find({ address, depth: pageDepth });
  }
  if (entry.depth - pageDepth < deepestNesting) for (const sitemap of visit.sitemap.sitemaps) state.find({ address: mark + sitemap, depth: entry.depth + 1 });
  if (visit.sitemap.isCut) missSitemap(state, entry, 'has more entries than are read');
  state.finish(entry.address);
}

/** That the usual address holds no sitemap says nothing, unless sitemaps are all that is looked at. */
function recordFailure(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, error: CatalystError): void {
  if (state.keepForRetry(rules.retryPolicy, entry.address, error)) return;
  if (error.code !== 'FETCH_NOT_FOUND' || rules.definition.sitemap === 'only') missSitemap(state, entry, `cannot be read (${error.code})`);
  state.finish(entry.address);
}

function missSitemap(state: CrawlState, entry: FrontierEntry, what: string): void {
  const kind = state.countGaps(mark) < mostGaps ? entry.address : `${mark}others`;
  const which = kind === entry.address ? `The sitemap ${entry.address.slice(mark.length)}` : 'Each of some more sitemaps';
  state.miss(kind, `${which} ${what}: pages that only it names may be missing.`);
}
