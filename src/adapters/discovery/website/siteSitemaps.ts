import { toCatalystError, type CatalystError } from '../../../contracts/errors.ts';
import type { FrontierEntry } from '../../../ports/sourceDiscovery.ts';
import { canonicalAddress } from '../../shared/canonicalAddress.ts';
import type { WebClient } from '../../shared/webClient.ts';
import { fetchSitemap } from '../sitemap/fetchSitemap.ts';
import type { Sitemap } from '../sitemap/readSitemap.ts';
import { concernsPage } from '../unreadable.ts';
import type { CrawlState } from './crawlState.ts';
import { isPartOf, type CrawlRules } from './recordVisit.ts';

/** Sitemaps wait in the frontier among the pages under this mark, and the robots.txt that names them under another. */
const sitemapMark = 'sitemap:';
const robotsMark = 'robots:';
/** Indexes of indexes are not allowed, and exist. */
const deepestNesting = 3;
/** Pages of a sitemap count as linked from the first page. */
const pageDepth = 1;
const mostGaps = 20;

export type SitemapVisit = { readonly type: 'sitemap'; readonly sitemap: Sitemap } | { readonly type: 'sitemapFailed'; readonly error: CatalystError };

export function isSitemapEntry(address: string): boolean {
  return address.startsWith(sitemapMark) || address.startsWith(robotsMark);
}

/** Where the sitemaps of a site are to be learned: one more address to look at. Depth counts how sitemaps are nested: they come before the pages. */
export function sitemapsOf(origin: string): FrontierEntry {
  return { address: robotsMark + origin, depth: 0 };
}

export async function visitSitemap(web: WebClient, signal: AbortSignal, { address }: FrontierEntry): Promise<SitemapVisit> {
  try {
    if (address.startsWith(robotsMark)) return { type: 'sitemap', sitemap: { pages: [], sitemaps: await namedSitemaps(web, address.slice(robotsMark.length), signal), isCut: false } };
    return { type: 'sitemap', sitemap: (await fetchSitemap(web, address.slice(sitemapMark.length), signal)).sitemap };
  } catch (thrown) {
    const error = toCatalystError(thrown);
    if (concernsPage(error) || error.code === 'THROTTLED' || error.code === 'CORRUPT_DOCUMENT') return { type: 'sitemapFailed', error };
    throw error;
  }
}

/** Those that robots.txt names, else the usual address. */
async function namedSitemaps(web: WebClient, origin: string, signal: AbortSignal): Promise<readonly string[]> {
  const named = await web.listSitemaps(origin, signal);
  return named.length === 0 ? [new URL('/sitemap.xml', origin).href] : named;
}

export function recordSitemap(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, visit: SitemapVisit): void {
  if (visit.type === 'sitemapFailed') return recordFailure(state, rules, entry, visit.error);
  const { ignoreQuery } = rules.definition;
  for (const { address: text } of visit.sitemap.pages) {
    const address = canonicalAddress(text, undefined, { ignoreQuery });
    if (address !== undefined && isPartOf(state, rules, address, false)) state.find({ address, depth: pageDepth });
  }
  const [, base = ''] = /^[a-z]+:(.*)$/s.exec(entry.address) ?? [];
  const depth = entry.address.startsWith(robotsMark) ? 0 : entry.depth + 1;
  const sitemaps = depth > deepestNesting ? [] : visit.sitemap.sitemaps.map((text) => canonicalAddress(text, base)).filter((address) => address !== undefined);
  for (const address of sitemaps) state.find({ address: sitemapMark + address, depth });
  if (depth > deepestNesting && visit.sitemap.sitemaps.length > 0) missSitemap(state, entry, 'is nested too deep');
  if (visit.sitemap.isCut) missSitemap(state, entry, 'has more entries than are read');
  state.finish(entry.address);
}

/** That the usual address holds no sitemap says nothing, unless sitemaps are all that is looked at. */
function recordFailure(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, error: CatalystError): void {
  if (state.keepForRetry(rules.retryPolicy, entry.address, error)) return;
  if (error.code !== 'FETCH_NOT_FOUND' || rules.definition.sitemap === 'only') missSitemap(state, entry, `cannot be read (${error.code})`);
  state.finish(entry.address);
}

function missSitemap(state: CrawlState, { address }: FrontierEntry, what: string): void {
  if (address.startsWith(robotsMark)) return state.miss(address, `The robots.txt of ${address.slice(robotsMark.length)} ${what}: pages that only its sitemaps name may be missing.`);
  const isNamed = state.countGaps(sitemapMark) < mostGaps;
  const which = isNamed ? `The sitemap ${address.slice(sitemapMark.length)}` : 'Each of some more sitemaps';
  state.miss(isNamed ? address : `${sitemapMark}others`, `${which} ${what}: pages that only it names may be missing.`);
}
