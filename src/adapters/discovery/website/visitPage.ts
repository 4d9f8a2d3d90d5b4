import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import { CatalystError, toCatalystError } from '../../../contracts/errors.ts';
import type { FetchRecord } from '../../../contracts/fetched.ts';
import { isLoss } from '../../../contracts/isLoss.ts';
import { decodeText } from '../../../documents/detect/charset.ts';
import type { DiscoveryRequest, FrontierEntry, StoredDocument } from '../../../ports/sourceDiscovery.ts';
import { canonicalAddress } from '../../shared/canonicalAddress.ts';
import type { WebClient, WebDelivery, WebRequest } from '../../shared/webClient.ts';
import type { Lane } from '../boundedStep.ts';
import { isHtml, mayBeDocument } from '../documentTypes.ts';
import { concernsPage } from '../unreadable.ts';
import { readPage, type PageContent } from './readPage.ts';
import { readDirectives } from './robotsDirectives.ts';
import { extensionOf } from './siteScope.ts';

/** What a look at one address brought. */
export type Visit =
  | { readonly type: 'page'; readonly content: PageContent | undefined; readonly noFollow: boolean; readonly stored: StoredBytes | 'noIndex' }
  | { readonly type: 'redirect'; readonly to: string | undefined }
  | { readonly type: 'noDocument' }
  | { readonly type: 'failed'; readonly error: CatalystError };

export interface StoredBytes {
  readonly reference: ArtifactReference;
  readonly mediaType: string;
  readonly fetched: FetchRecord;
}

export interface PageVisitor {
  readonly web: WebClient;
  readonly robotName: string;
  readonly ignoreQuery: boolean;
  /** Pages up to this size are fetched several at a time, larger ones (once more) one after the other, so that few of them are in memory. */
  readonly usualBytes: number;
  readonly largePages: Lane;
}

/** Links are looked for in so much of a page. */
const scannedBytes = 20 * 1024 * 1024;

/** Fetches a page, if it has changed since it was stored, and reads what it leads to. Throws what is not the page's failure. */
export async function visitPage(visitor: PageVisitor, request: DiscoveryRequest, entry: FrontierEntry, stored: StoredDocument | undefined): Promise<Visit> {
  try {
    return await look({ visitor, request, entry }, stored);
  } catch (thrown) {
    const error = toCatalystError(thrown);
    if (concernsPage(error) || error.code === 'THROTTLED') return { type: 'failed', error };
    throw error;
  }
}

interface Look {
  readonly visitor: PageVisitor;
  readonly request: DiscoveryRequest;
  readonly entry: FrontierEntry;
}

async function look(at: Look, stored: StoredDocument | undefined): Promise<Visit> {
  const { visitor, request, entry: { address } } = at;
  const earlier = stored?.fetched?.finalUrl === address ? { raw: stored.raw, fetched: stored.fetched } : undefined;
  const answer = await ask(visitor, address, { signal: request.signal, validators: earlier?.fetched, accepts: (mediaType) => mayBeDocument(mediaType, extensionOf(address)) });
  if (answer.type === 'redirect') return { type: 'redirect', to: canonicalAddress(answer.location, undefined, { ignoreQuery: visitor.ignoreQuery }) };
  if (answer.type === 'unaccepted') return { type: 'noDocument' };
  if (answer.type === 'document') return deliver(at, answer.bytes, answer.mediaType, answer.record);
  if (earlier === undefined) throw new CatalystError('FETCH_FAILED', `${address} says that it is not modified, though it was not asked.`);
  try {
    const bytes = await request.load(earlier.raw);
    return await deliver(at, bytes, earlier.raw.mediaType, confirmed(earlier.fetched, answer.record), earlier.raw);
  } catch (error) {
    // What the earlier run stored is gone or damaged: the page is fetched as if for the first time.
    if (isLoss(error)) return look(at, undefined);
    throw error;
  }
}

/** A redirect to what counts as the same address (a cookie, another spelling, a parameter that counts for nothing) is followed at once. */
async function ask(visitor: PageVisitor, address: string, request: WebRequest): Promise<WebDelivery | { readonly type: 'redirect'; readonly location: string }> {
  const get = async (maximumBytes?: number): Promise<WebDelivery | { readonly type: 'redirect'; readonly location: string }> => {
    const limited = maximumBytes === undefined ? request : { ...request, maximumBytes };
    const answer = await visitor.web.get(address, limited);
    if (answer.type !== 'redirect' || canonicalAddress(answer.location, undefined, { ignoreQuery: visitor.ignoreQuery }) !== address) return answer;
    return visitor.web.follow(answer.location, limited);
  };
  try {
    return await get(visitor.usualBytes);
  } catch (error) {
    if (error instanceof CatalystError && error.code === 'DOCUMENT_TOO_LARGE' && visitor.web.maximumBytes > visitor.usualBytes) return visitor.largePages.run(() => get());
    throw error;
  }
}

/** The first page was asked for by name: that it does not want to be found by crawlers does not count. */
async function deliver({ visitor, request, entry: { address, depth } }: Look, bytes: Uint8Array, mediaType: string, fetched: FetchRecord, raw?: ArtifactReference): Promise<Visit> {
  if (bytes.byteLength === 0) throw new CatalystError('EMPTY_DOCUMENT', `${address} has no content.`);
  const { robotName, ignoreQuery } = visitor;
  const content = isHtml(mediaType, bytes) ? readPage(textOf(bytes, mediaType), { url: address, robotName, ignoreQuery }) : undefined;
  const header = readDirectives([fetched.headers['x-robots-tag'] ?? ''], robotName);
  const noFollow = header.noFollow || content?.noFollow === true;
  if (depth > 0 && (header.noIndex || content?.noIndex === true)) return { type: 'page', content, noFollow, stored: 'noIndex' };
  return { type: 'page', content, noFollow, stored: { reference: raw ?? (await request.store(bytes, mediaType)), mediaType, fetched } };
}

function textOf(bytes: Uint8Array, mediaType: string): string {
  return decodeText(bytes.subarray(0, scannedBytes), mediaType)?.text ?? '';
}

/** What was said when the page was fetched, with what the server says of it now. */
function confirmed(earlier: FetchRecord, now: FetchRecord): FetchRecord {
  return { ...earlier, ...now, headers: { ...earlier.headers, ...now.headers } };
}
