import { CatalystError } from '../../contracts/errors.ts';
import type { FetchedDocument, SourceReader } from '../../ports/sourceReader.ts';
import { isPublicAddress } from '../shared/addressRules.ts';
import { failureOfStatus } from '../shared/fetchFailures.ts';
import { createGuardedAgent } from './guardedAgent.ts';
import { HostSlots } from './hostSlots.ts';
import { readDeadline } from '../shared/readDeadline.ts';
import { readBody, requireDeclaredSize } from './responseBody.ts';
import { RobotsRules } from './robotsRules.ts';
import { getFromSite, withTransportFailures, type SiteAnswer, type SiteRequest } from './siteRequest.ts';
import { parseTargetUrl, type AddressRule } from '../shared/targetUrl.ts';

export interface HttpFetcherOptions {
  /** `Product/version (+address)`; the product is the name in robots.txt. */
  readonly userAgent: string;
  /** For a document as a whole, with redirects and robots.txt. */
  readonly timeoutMs: number;
  /** Of the body, as it comes and decompressed. */
  readonly maximumBytes: number;
  readonly maximumRedirects: number;
  /** For networks of one's own and for tests: fetches from private and local addresses too. */
  readonly allowPrivateAddresses: boolean;
  /** Instead of the rule that `allowPrivateAddresses` chooses. */
  readonly isAllowedAddress?: AddressRule;
  readonly concurrencyPerHost?: number;
}

/** Fetches over HTTP with a look at every address before it connects, robots.txt, and limits on time and size. */
export function createHttpFetcher(options: HttpFetcherOptions): SourceReader {
  const isAllowed = options.isAllowedAddress ?? (options.allowPrivateAddresses ? () => true : isPublicAddress);
  const concurrency = options.concurrencyPerHost ?? 4;
  const dispatcher = createGuardedAgent({ isAllowed, timeoutMs: options.timeoutMs, connectionsPerHost: concurrency });
  const reading: Reading = { options, isAllowed, robots: new RobotsRules(isAllowed), slots: new HostSlots(concurrency) };

  return {
    async read(url, signal) {
      const first = parseTargetUrl(url, isAllowed);
      try {
        // Waiting for a turn at a busy host is not the site's time.
        return await reading.slots.run(first.host, signal, async () => {
          const deadline = readDeadline(url, options.timeoutMs, signal);
          try {
            return await follow(reading, { dispatcher, userAgent: options.userAgent, signal: deadline.signal }, first);
          } finally {
            deadline.clear();
          }
        });
      } catch (error) {
        if (error instanceof CatalystError) throw error;
        throw new CatalystError('CANCELLED', `Fetching ${url} was cancelled.`, { cause: error });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

interface Reading {
  readonly options: HttpFetcherOptions;
  readonly isAllowed: AddressRule;
  readonly robots: RobotsRules;
  readonly slots: HostSlots;
}

async function follow(reading: Reading, site: SiteRequest, first: URL): Promise<FetchedDocument> {
  const seen = new Set<string>();
  for (let url = first; ; ) {
    if (seen.has(url.href) || seen.size > reading.options.maximumRedirects) {
      throw new CatalystError('FETCH_TOO_MANY_REDIRECTS', `${first.href} redirects ${seen.has(url.href) ? 'in a circle' : `more than ${reading.options.maximumRedirects} times`}.`);
    }
    seen.add(url.href);
    await reading.robots.requireAllowed(site, url);
    const answer = await getFromSite(site, url);
    const location = redirectOf(answer);
    if (location === undefined) return deliver(reading, site, url, answer);
    await answer.discard();
    url = parseTargetUrl(location, reading.isAllowed, url.href);
  }
}

function redirectOf(answer: SiteAnswer): string | undefined {
  return [301, 302, 303, 307, 308].includes(answer.status) ? answer.header('location') : undefined;
}

async function deliver(reading: Reading, site: SiteRequest, url: URL, answer: SiteAnswer): Promise<FetchedDocument> {
  if (answer.status < 200 || answer.status > 299) {
    await answer.discard();
    throw failureOfStatus(url.href, answer.status, answer.header('retry-after'));
  }
  const limits = { url: url.href, maximumBytes: reading.options.maximumBytes };
  return withTransportFailures(site, url.href, async () => {
    try {
      requireDeclaredSize(answer.header('content-length'), limits);
      const bytes = await readBody(answer.body, answer.header('content-encoding'), limits);
      return { bytes, mediaType: answer.header('content-type') ?? 'application/octet-stream', title: undefined, record: { finalUrl: url.href, fetchedAt: new Date().toISOString(), status: answer.status, headers: {} } };
    } finally {
      answer.body.destroy();
    }
  });
}
