import type { Readable } from 'node:stream';
import { request, type Dispatcher } from 'undici';
import { CatalystError } from '../../contracts/errors.ts';
import type { Validators } from '../../contracts/fetched.ts';
import { failureOfTransport } from '../shared/fetchFailures.ts';

export interface SiteRequest {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Aborts with a CatalystError as its reason: FETCH_TIMEOUT or CANCELLED. */
  readonly signal: AbortSignal;
}

export interface SiteAnswer {
  readonly status: number;
  readonly body: Readable;
  /** Of several headers of a name the values are joined by commas, but for location, where the first counts. */
  header(name: string): string | undefined;
  /** Leaves the body unread. */
  discard(): Promise<void>;
}

/** One GET, no redirect followed. Throws URL_FORBIDDEN, FETCH_*, CANCELLED. */
export async function getFromSite(site: SiteRequest, url: URL, validators: Validators = {}): Promise<SiteAnswer> {
  return withTransportFailures(site, url.href, async () => {
    const answer = await request(url, {
      dispatcher: site.dispatcher,
      signal: site.signal,
      headers: {
        'user-agent': site.userAgent,
        accept: 'text/html,application/xhtml+xml,application/pdf;q=0.9,text/markdown;q=0.9,text/plain;q=0.9,*/*;q=0.8',
        'accept-encoding': 'gzip, deflate, br',
        ...(validators.etag === undefined ? {} : { 'if-none-match': validators.etag }),
        ...(validators.lastModified === undefined ? {} : { 'if-modified-since': validators.lastModified }),
      },
    });
    // Whoever reads the body sees its failure; when nobody does any more, it must not end the process.
    answer.body.on('error', () => undefined);
    return {
      status: answer.statusCode,
      body: answer.body,
      header(name) {
        const value = answer.headers[name];
        return Array.isArray(value) ? (name === 'location' ? value[0] : value.join(', ')) : value;
      },
      async discard() {
        // A short rest is read so that the connection can be used again.
        await answer.body.dump({ limit: 16 * 1024 }).catch(() => undefined);
      },
    };
  });
}

/** Runs a part of the exchange and translates what it throws; the reason of the signal comes before all else. */
export async function withTransportFailures<Result>(site: SiteRequest, url: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (site.signal.aborted && site.signal.reason instanceof CatalystError) throw site.signal.reason;
    throw failureOfTransport(url, error);
  }
}
