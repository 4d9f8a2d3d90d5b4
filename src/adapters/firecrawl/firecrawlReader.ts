import { FirecrawlClient } from '@mendable/firecrawl-js';
import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { FetchedDocument, SourceReader } from '../../ports/sourceReader.ts';
import { isPublicAddress } from '../shared/addressRules.ts';
import { failureOfStatus } from '../shared/fetchFailures.ts';
import { readDeadline } from '../shared/readDeadline.ts';
import { forbidden, parseTargetUrl, type AddressRule } from '../shared/targetUrl.ts';
import { translateFirecrawlFailure } from './firecrawlFailures.ts';

export interface FirecrawlReaderOptions {
  /** Needed for the cloud; a self-hosted server may do without. */
  readonly apiKey?: string | undefined;
  readonly apiUrl?: string | undefined;
  /** For one page; the service is given five seconds more to tell that it failed. */
  readonly timeoutMs: number;
  /** Of the Markdown of one page; 50 MB when absent. */
  readonly maximumBytes?: number;
  /** For a self-hosted server that shall read the private network. */
  readonly allowPrivateAddresses?: boolean;
}

const cloudUrl = 'https://api.firecrawl.dev';
const graceMs = 5_000;

/** What is used of a page. The SDK declares more, but checks nothing. */
const pageSchema = z.object({
  markdown: z.string().nullish(),
  metadata: z
    .object({
      title: z.union([z.string(), z.array(z.string()).transform((titles) => titles[0])]).nullish(),
      url: z.string().nullish(),
      statusCode: z.number().nullish(),
      error: z.string().nullish(),
    })
    .nullish(),
});

/** Reads pages through Firecrawl's scrape endpoint, as Markdown, never from its cache. */
export function createFirecrawlReader(options: FirecrawlReaderOptions): SourceReader {
  // Empty, not missing: the SDK would look into the environment. One attempt: whoever calls tries again in its own time.
  const client = new FirecrawlClient({ apiKey: options.apiKey ?? '', apiUrl: options.apiUrl ?? cloudUrl, timeoutMs: options.timeoutMs + graceMs, maxRetries: 1 });
  const isAllowed: AddressRule = options.allowPrivateAddresses === true ? () => true : isPublicAddress;

  return {
    async read(url, signal) {
      const target = parseTargetUrl(url, isAllowed);
      if (options.allowPrivateAddresses !== true) requirePublicName(target);
      const deadline = readDeadline(url, options.timeoutMs + 2 * graceMs, signal);
      try {
        const answer = await untilAborted(scrape(client, target.href, options.timeoutMs), deadline.signal);
        return toDocument(target.href, answer, isAllowed, options.maximumBytes ?? 50_000_000);
      } catch (error) {
        throw translateFirecrawlFailure(url, error);
      } finally {
        deadline.clear();
      }
    },
    close: () => Promise.resolve(),
  };
}

function scrape(client: FirecrawlClient, url: string, timeoutMs: number): Promise<unknown> {
  return client.scrape(url, {
    formats: ['markdown'],
    // Fresh, and with certificates checked: the service's defaults are two days, and not.
    maxAge: 0,
    skipTlsVerification: false,
    timeout: timeoutMs,
    // Otherwise the SDK sleeps for up to 20 minutes while a large PDF is worked on.
    autoResume: false,
  });
}

/** Pages that the site refused come back as success, with the site's status in the metadata. */
function toDocument(asked: string, answer: unknown, isAllowed: AddressRule, maximumBytes: number): FetchedDocument {
  const page = pageSchema.safeParse(answer);
  if (!page.success) throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl answers something that is not a page for ${asked}: ${z.prettifyError(page.error)}`);
  const { markdown, metadata } = page.data;
  const status = metadata?.statusCode;
  if (typeof status === 'number' && status >= 400) throw failureOfStatus(asked, status, undefined);
  if (typeof metadata?.error === 'string' && (markdown ?? '') === '') throw new CatalystError('FETCH_FAILED', `Firecrawl reports for ${asked}: ${metadata.error.slice(0, 300)}`);
  const finalUrl = parseTargetUrl(metadata?.url ?? asked, isAllowed, asked);
  const bytes = Buffer.from(markdown ?? '', 'utf8');
  if (bytes.byteLength > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `${asked} is larger than the limit of ${maximumBytes} bytes.`);
  const title = metadata?.title?.trim();
  return { bytes, mediaType: 'text/markdown; charset=utf-8', title: title === '' ? undefined : title, record: { finalUrl: finalUrl.href, fetchedAt: new Date().toISOString(), headers: {} } };
}

/** A self-hosted server resolves names in its own network: these never name anything public. */
function requirePublicName(url: URL): void {
  if (/(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(url.hostname)) throw forbidden(url.href, 'is not on the public internet');
}

/** The SDK takes no signal: its request runs into its own time limit when nobody waits for it any more. */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
