import { CatalystError } from '../../../contracts/errors.ts';
import type { FrontierEntry } from '../../../ports/sourceDiscovery.ts';
import type { RetryPolicy } from '../retries.ts';
import { unreadablePage } from '../unreadable.ts';
import type { CrawlState } from './crawlState.ts';
import type { SiteScope } from './siteScope.ts';
import { looksEndless } from './traps.ts';
import type { StoredBytes, Visit } from './visitPage.ts';
import { extendChain, shortDigest } from './websiteCursor.ts';
import type { WebsiteDefinition } from './websiteDefinition.ts';

export interface CrawlRules {
  readonly definition: WebsiteDefinition;
  readonly scope: SiteScope;
  readonly retryPolicy: RetryPolicy;
}

/** Decides what a visit means for the crawl. Visits are recorded in the order of their entries, so that repeating a step gives the same. */
export function recordVisit(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, visit: Visit): void {
  switch (visit.type) {
    case 'failed':
      return recordFailure(state, rules, entry, visit.error);
    case 'noDocument':
      return state.finish(entry.address);
    case 'redirect':
      return recordRedirect(state, rules, entry, visit.to);
    case 'page':
      return recordPage(state, rules, entry, visit);
  }
}

function recordFailure(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, error: CatalystError): void {
  if (state.keepForRetry(rules.retryPolicy, entry.address, error)) return;
  state.unreadable.push(unreadablePage(entry.address, error));
  state.finish(entry.address);
  if (entry.depth === 0) state.miss('first', `The first page, ${entry.address}, cannot be read (${error.code}): what only it links to may be missing.`);
  else if (error.code !== 'FETCH_NOT_FOUND' && error.code !== 'DOCUMENT_TOO_LARGE') state.miss('pages', 'Some pages cannot be read: what only they link to may be missing.');
}

/** The target is one more address of the same depth, which is looked at once, however many lead to it. */
function recordRedirect(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, to: string | undefined): void {
  if (to === undefined) return state.finish(entry.address);
  if (entry.depth === 0) state.hosts.add(new URL(to).host);
  if (!isPartOf(state, rules, to, entry.depth === 0)) return state.finish(entry.address);
  if (leadOn(state, entry, to)) return;
  const [first = entry.address] = state.chains.get(entry.address) ?? [];
  state.unreadable.push(unreadablePage(first, new CatalystError('FETCH_TOO_MANY_REDIRECTS', `${first} redirects in a circle, or too often.`)));
  state.finish(entry.address);
}

/** False where that closes a circle. */
function leadOn(state: CrawlState, entry: FrontierEntry, to: string): boolean {
  if (!extendChain(state.chains, entry.address, to)) return false;
  state.finish(entry.address);
  state.find({ address: to, depth: entry.depth });
  return true;
}

function recordPage(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, { content, noFollow, stored }: Extract<Visit, { readonly type: 'page' }>): void {
  const links = content === undefined || noFollow || rules.definition.sitemap === 'only' ? [] : content.links;
  if (content?.hasMoreLinks === true) state.miss('links', `${entry.address} has more links than are taken from one page.`);
  for (const link of links) follow(state, rules, entry, link);
  // A signpost, or another address of a page that names its own: the page that is meant will be looked at itself.
  const canonical = content?.canonical !== undefined && isMeant(content.canonical, entry.address) ? content.canonical : undefined;
  for (const better of [content?.refresh, canonical]) {
    if (better !== undefined && better !== entry.address && isPartOf(state, rules, better, false) && leadOn(state, entry, better)) return;
  }
  state.finish(entry.address);
  if (stored !== 'noIndex' && (entry.depth > 0 || rules.scope.isWanted(entry.address))) recordDocument(state, entry.address, stored);
}

/** Sites that name their first page as the right address of every page mean nothing by it. */
function isMeant(canonical: string, address: string): boolean {
  const { pathname, search } = new URL(canonical);
  return pathname !== '/' || search !== '' || /^\/(?:index\.\w+|home)?$/.test(new URL(address).pathname);
}

function follow(state: CrawlState, rules: CrawlRules, entry: FrontierEntry, address: string): void {
  const depth = entry.depth + 1;
  if (depth > rules.definition.maximumDepth || !isPartOf(state, rules, address, false)) return;
  state.find({ address, depth });
}

/** Of the site, wanted, and no trap. */
export function isPartOf(state: CrawlState, rules: CrawlRules, address: string, isFirstPage: boolean): boolean {
  const { scope } = rules;
  if (!scope.contains(address) || !(isFirstPage || scope.isWanted(address))) return false;
  if (!looksEndless(address)) return true;
  state.miss('traps', 'Addresses that repeat themselves, or are very long, look endless and were left out; exclude them by a pattern where that is right.');
  return false;
}

function recordDocument(state: CrawlState, address: string, { reference, mediaType, fetched }: StoredBytes): void {
  const digest = shortDigest(reference.digest);
  // The same page under another address is one document: the address that came first names it.
  if (state.digests.has(digest)) return;
  state.digests.add(digest);
  const fileName = new URL(address).pathname.split('/').at(-1) ?? '';
  state.documents.push({
    sourceKey: `url:${address}`,
    source: { type: 'url', location: address },
    origin: { type: 'stored', reference, mediaType, url: address, fetched, ...(fileName === '' ? {} : { fileName }) },
    bytes: reference.length,
  });
}
