import { canonicalAddress } from '../../shared/canonicalAddress.ts';
import { readMarkup, type Attributes } from '../markup.ts';
import { readDirectives } from './robotsDirectives.ts';

/** What a page says that leads on from it. Addresses are canonical, whatever host they are on. */
export interface PageContent {
  readonly links: readonly string[];
  /** Where the page says it really lives. */
  readonly canonical: string | undefined;
  /** Where it sends its reader at once. */
  readonly refresh: string | undefined;
  readonly noIndex: boolean;
  readonly noFollow: boolean;
  /** More links than are taken from one page. */
  readonly hasMoreLinks: boolean;
}

export interface PageContext {
  /** Base of relative links. */
  readonly url: string;
  /** Name of our robot in meta elements. */
  readonly robotName: string;
  readonly ignoreQuery: boolean;
}

const mostLinks = 10_000;
/** A page that sends its reader on after so many seconds is a signpost; one that waits longer is a page. */
const signpostSeconds = 5;

interface Collected {
  base: string | undefined;
  canonical: string | undefined;
  refresh: string | undefined;
  readonly links: string[];
  readonly directives: string[];
}

/** Reads links in all forms that browsers understand; those marked "nofollow" are none. */
export function readPage(html: string, context: PageContext): PageContent {
  const collected: Collected = { base: undefined, canonical: undefined, refresh: undefined, links: [], directives: [] };
  readMarkup(html, 'html', { open: (name, attributes) => collect(collected, name, attributes, context.robotName) });
  const base = URL.parse(collected.base ?? '', context.url)?.href ?? context.url;
  const resolve = (link: string | undefined): string | undefined => (link === undefined ? undefined : canonicalAddress(link, base, { ignoreQuery: context.ignoreQuery }));
  const links = new Set<string>();
  for (const link of collected.links) {
    const address = resolve(link);
    if (address !== undefined) links.add(address);
    if (links.size > mostLinks) break;
  }
  return {
    links: [...links].slice(0, mostLinks),
    canonical: resolve(collected.canonical),
    refresh: resolve(collected.refresh),
    hasMoreLinks: links.size > mostLinks,
    ...readDirectives(collected.directives, context.robotName),
  };
}

function collect(collected: Collected, name: string, attributes: Attributes, robotName: string): void {
  const href = attributes['href'] ?? attributes['xlink:href'];
  const relations = new Set((attributes['rel'] ?? '').toLowerCase().split(/\s+/));
  switch (name) {
    case 'base':
      collected.base ??= href;
      return;
    case 'a':
    case 'area':
      if (href !== undefined && !relations.has('nofollow')) collected.links.push(href);
      return;
    case 'iframe':
    case 'frame':
      if (attributes['src'] !== undefined) collected.links.push(attributes['src']);
      return;
    case 'link':
      if (relations.has('canonical')) collected.canonical ??= href;
      if (href !== undefined && (relations.has('next') || relations.has('prev'))) collected.links.push(href);
      return;
    case 'meta':
      collectMeta(collected, attributes, robotName);
      return;
    default:
      return;
  }
}

function collectMeta(collected: Collected, attributes: Attributes, robotName: string): void {
  const content = attributes['content'] ?? '';
  const name = (attributes['name'] ?? '').toLowerCase();
  if (name === 'robots' || name === robotName.toLowerCase()) collected.directives.push(content);
  if (attributes['http-equiv']?.toLowerCase() !== 'refresh') return;
  const [, seconds, target] = /^\s*(\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=)?\s*(\S.*)?$/is.exec(content) ?? [];
  const address = target?.trim().replace(/^(["'])(.*?)\1?$/s, '$2');
  if (address === undefined || address === '') return;
  if (Number(seconds) <= signpostSeconds) collected.refresh ??= address;
  collected.links.push(address);
}
