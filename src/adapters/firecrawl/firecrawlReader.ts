import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { FetchedDocument, SourceReader } from '../../ports/sourceReader.ts';
import { isPublicAddress } from '../shared/addressRules.ts';
import { failureOfStatus } from '../shared/fetchFailures.ts';
import { parseTargetUrl, type AddressRule } from '../shared/targetUrl.ts';
import type { FirecrawlAnswer } from './firecrawlClient.ts';
import { connectToFirecrawl, type FirecrawlConnectionOptions } from './firecrawlConnection.ts';
import { failureOfAnswer, isRefusal } from './firecrawlFailures.ts';
import { firecrawlPageSchema, markdownMediaType, recordOf, scrapeOptions, titleOf } from './firecrawlPage.ts';
import { requirePublicName } from './publicNames.ts';

export interface FirecrawlReaderOptions extends FirecrawlConnectionOptions {
  /** For one page; the service is given ten seconds more to tell that it failed. */
  readonly timeoutMs: number;
  /** Of the Markdown of one page; 50 MB when absent. */
  readonly maximumBytes?: number;
  /** For a self-hosted server that shall read the private network. */
  readonly allowPrivateAddresses?: boolean;
}

const graceMs = 10_000;
const envelopeSchema = z.object({ data: firecrawlPageSchema });

/**
 * Reads pages through Firecrawl's scrape endpoint, as Markdown, never from its cache.
 * Validators are of no use: Firecrawl has no conditional request, and its comparison with an earlier scrape costs what a scrape costs.
 */
export function createFirecrawlReader(options: FirecrawlReaderOptions): SourceReader {
  const maximumBytes = options.maximumBytes ?? 50_000_000;
  // JSON may write one byte of text as six; more than this is no string that Node can hold.
  const connection = connectToFirecrawl(options, Math.min(6 * maximumBytes + 1_000_000, 256 * 1024 ** 2));
  const isAllowed: AddressRule = options.allowPrivateAddresses === true ? () => true : isPublicAddress;
  const late = (url: string) => () => new CatalystError('FETCH_TIMEOUT', `${url} was not delivered within ${options.timeoutMs + graceMs} ms.`);

  return {
    async read(url, signal) {
      const target = parseTargetUrl(url, isAllowed);
      if (options.allowPrivateAddresses !== true) requirePublicName(target);
      const body = { url: target.href, ...scrapeOptions(options.timeoutMs) };
      const answer = await connection.call('scrape', { method: 'POST', path: 'scrape', body }, signal, { timeoutMs: options.timeoutMs + graceMs, late: late(url) });
      return toDocument(target.href, answer, isAllowed, maximumBytes);
    },
    close: () => connection.close(),
  };
}

/** Pages that the site refused come back as success, with the site's status in the metadata. */
function toDocument(asked: string, answer: FirecrawlAnswer, isAllowed: AddressRule, maximumBytes: number): FetchedDocument {
  if (isRefusal(answer)) throw failureOfAnswer(asked, answer);
  const envelope = envelopeSchema.safeParse(answer.body);
  if (!envelope.success) throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl answers something that is not a page for ${asked}: ${z.prettifyError(envelope.error)}`);
  const page = envelope.data.data;
  const { markdown, metadata } = page;
  const status = metadata?.statusCode;
  if (typeof status === 'number' && status >= 400) throw failureOfStatus(asked, status, undefined);
  if (typeof metadata?.error === 'string' && (markdown ?? '') === '') throw new CatalystError('FETCH_FAILED', `Firecrawl reports for ${asked}: ${metadata.error.slice(0, 300)}`);
  const finalUrl = parseTargetUrl(metadata?.url ?? asked, isAllowed, asked);
  const bytes = Buffer.from(markdown ?? '', 'utf8');
  if (bytes.byteLength > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `${asked} is larger than the limit of ${maximumBytes} bytes.`);
  return { bytes, mediaType: markdownMediaType, title: titleOf(page), record: recordOf(page, finalUrl.href) };
}
