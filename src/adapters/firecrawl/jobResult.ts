import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { DiscoveredDocument, DiscoveryRequest, UnreadableDocument } from '../../ports/sourceDiscovery.ts';
import { failureOfStatus } from '../shared/fetchFailures.ts';
import { parseTargetUrl } from '../shared/targetUrl.ts';
import type { DiscoveryContext } from './discoveryContext.ts';
import { markdownMediaType, recordOf, titleOf, type FirecrawlPage } from './firecrawlPage.ts';

/** How a source names its pages. */
export interface PageNaming {
  /** The one form of an address; undefined for what is none. */
  readonly canonical: (address: string) => string | undefined;
  readonly isWanted: (address: string) => boolean;
  /** A crawl knows a page by the address it ended at, a list by the address that was asked for. */
  readonly by: 'final' | 'asked';
}

export interface NamedPage {
  /** Canonical. */
  readonly asked: string;
  readonly name: string;
  readonly page: FirecrawlPage;
}

/** The same for the same result, however often it is delivered. */
export function rowOf({ markdown, metadata }: FirecrawlPage): string {
  return metadata?.scrapeId ?? metadata?.sourceURL ?? metadata?.url ?? `text ${markdown ?? ''}`;
}

/** undefined for a result without an address. */
export function namePage(page: FirecrawlPage, naming: PageNaming): NamedPage | undefined {
  const { sourceURL, url } = page.metadata ?? {};
  const asked = naming.canonical(sourceURL ?? url ?? '');
  const final = naming.canonical(url ?? sourceURL ?? '');
  if (asked === undefined || final === undefined) return undefined;
  return { asked, name: naming.by === 'final' ? final : asked, page };
}

/** The page as a stored document, or why it is none. */
export async function takePage(context: DiscoveryContext, request: DiscoveryRequest, named: NamedPage): Promise<DiscoveredDocument | UnreadableDocument> {
  const { name, asked, page } = named;
  try {
    const finalUrl = parseTargetUrl(page.metadata?.url ?? asked, context.isAllowed, asked).href;
    const bytes = contentOf(context, name, page);
    const reference = await request.store(bytes, markdownMediaType);
    const title = titleOf(page);
    const titled = title === undefined ? {} : { title };
    const origin = { type: 'stored', reference, mediaType: markdownMediaType, url: finalUrl, fetched: recordOf(page, finalUrl), ...titled } as const;
    return { ...identify(name), origin, bytes: bytes.byteLength, ...titled };
  } catch (error) {
    if (error instanceof CatalystError && pageCodes.has(error.code)) return unreadablePage(name, error);
    throw error;
  }
}

/** What is the page's own fault; a store that fails is not. */
const pageCodes = new Set<string>(['URL_FORBIDDEN', 'EMPTY_DOCUMENT', 'DOCUMENT_TOO_LARGE', 'FETCH_NOT_FOUND', 'FETCH_REFUSED', 'FETCH_FAILED', 'FETCH_RATE_LIMITED', 'FETCH_TIMEOUT']);

function contentOf({ maximumBytes }: DiscoveryContext, name: string, { markdown, metadata }: FirecrawlPage): Uint8Array {
  const status = metadata?.statusCode;
  if (typeof status === 'number' && status >= 400) throw failureOfStatus(name, status, undefined);
  const bytes = Buffer.from(markdown ?? '', 'utf8');
  if (bytes.byteLength > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `${name} is larger than the limit of ${maximumBytes} bytes.`);
  if (bytes.byteLength > 0) return bytes;
  if (typeof metadata?.error === 'string') throw new CatalystError('FETCH_FAILED', `Firecrawl reports for ${name}: ${metadata.error.slice(0, 300)}`);
  throw new CatalystError('EMPTY_DOCUMENT', `Firecrawl found no text at ${name}.`);
}

export function unreadablePage(name: string, error: CatalystError): UnreadableDocument {
  return { ...identify(name), failure: toFailure(error) };
}

/** A page that is read when it is ingested. */
export function listedPage(name: string, title?: string): DiscoveredDocument {
  return { ...identify(name), origin: { type: 'url', url: name }, ...(title === undefined ? {} : { title }) };
}

function identify(name: string): Pick<DiscoveredDocument, 'sourceKey' | 'source'> {
  return { sourceKey: `url:${name}`, source: { type: 'url', location: name } };
}
