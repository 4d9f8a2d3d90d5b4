import type { LookupAddress, LookupOptions } from 'node:dns';
import type { Dispatcher } from 'undici';
import { CatalystError } from '../../contracts/errors.ts';
import type { RateLimiter } from '../../ports/rateLimiter.ts';
import { isPublicAddress } from '../shared/addressRules.ts';
import { failureOfStatus } from '../shared/fetchFailures.ts';
import { ProcessRateLimiter } from '../shared/processRateLimiter.ts';
import { parseTargetUrl, requirePort, type AddressRule } from '../shared/targetUrl.ts';
import type { WebAnswer, WebClient, WebDelivery, WebRequest } from '../shared/webClient.ts';
import { fetchRecord } from './contentHeaders.ts';
import { createGuardedAgent } from './guardedAgent.ts';
import { readBody, requireDeclaredSize } from './responseBody.ts';
import { productToken, RobotsRules, type ParseAddress } from './robotsRules.ts';
import { getFromSite, withTransportFailures, type SiteAnswer, type SiteRequest } from './siteRequest.ts';
import { SiteVisit, type Politeness } from './siteVisit.ts';

export interface HttpClientOptions {
  /** `Product/version (+address)`; the product is the name in robots.txt. */
  readonly userAgent: string;
  /** For a document as a whole, with redirects and robots.txt, without the time it waits for its turn. */
  readonly timeoutMs: number;
  /** Of the body, as it comes and decompressed. */
  readonly maximumBytes: number;
  readonly maximumRedirects: number;
  /** For networks of one's own and for tests: fetches from private and local addresses too. */
  readonly allowPrivateAddresses: boolean;
  /** Of sites; undefined: any. */
  readonly ports?: readonly number[] | undefined;
  /** Instead of the rule that `allowPrivateAddresses` chooses. */
  readonly isAllowedAddress?: AddressRule;
  /** Instead of the system's names. */
  readonly lookup?: (hostname: string, options: LookupOptions & { all: true }, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;
  readonly concurrencyPerHost?: number;
  /** Holds limits a host across processes; without it they hold in this process. */
  readonly limiter?: RateLimiter;
}

interface Web {
  readonly options: HttpClientOptions;
  /** Parses an address, and throws URL_FORBIDDEN where it is not to be fetched. */
  readonly parse: ParseAddress;
  readonly robots: RobotsRules;
  readonly politeness: Politeness;
  readonly dispatcher: Dispatcher;
}

/** HTTP with a look at every address before it connects, robots.txt, limits on time and size, and so many requests to a host. */
export function createHttpClient(options: HttpClientOptions): WebClient {
  const isAllowed = options.isAllowedAddress ?? (options.allowPrivateAddresses ? () => true : isPublicAddress);
  const parse: ParseAddress = (text, base) => {
    const url = parseTargetUrl(text, isAllowed, base);
    requirePort(url, options.ports);
    return url;
  };
  const concurrency = options.concurrencyPerHost ?? 4;
  const dispatcher = createGuardedAgent({ isAllowed, timeoutMs: options.timeoutMs, connectionsPerHost: concurrency, lookup: options.lookup });
  const limiter = options.limiter ?? new ProcessRateLimiter({ maximumWaitMs: 5_000 });
  const web: Web = { options, parse, robots: new RobotsRules(parse), politeness: { limiter, concurrency }, dispatcher };
  const visit = (signal: AbortSignal): SiteVisit => new SiteVisit({ dispatcher, userAgent: options.userAgent, politeness: web.politeness, timeoutMs: options.timeoutMs, signal });

  return {
    robotName: productToken(options.userAgent),
    maximumBytes: options.maximumBytes,
    get: async (url, request) => ask(web, visit(request.signal), parse(url), request),
    follow: async (url, request) => follow(web, visit(request.signal), parse(url), request),
    listSitemaps: async (url, signal) => web.robots.sitemapsOf(visit(signal), parse(url)),
    requireFetchable: (url) => void parse(url),
    close: () => dispatcher.destroy(),
  };
}

async function follow(web: Web, visit: SiteVisit, first: URL, request: WebRequest): Promise<WebDelivery> {
  const seen = new Set<string>();
  for (let url = first; ; ) {
    if (seen.has(url.href) || seen.size > web.options.maximumRedirects) {
      throw new CatalystError('FETCH_TOO_MANY_REDIRECTS', `${first.href} redirects ${seen.has(url.href) ? 'in a circle' : `more than ${web.options.maximumRedirects} times`}.`);
    }
    seen.add(url.href);
    const answer = await ask(web, visit, url, request);
    if (answer.type !== 'redirect') return answer;
    url = new URL(answer.location);
  }
}

async function ask(web: Web, visit: SiteVisit, url: URL, request: WebRequest): Promise<WebAnswer> {
  const crawlDelay = await web.robots.requireAllowed(visit, url);
  return visit.exchange(url, crawlDelay, async (site) => {
    const answer = await getFromSite(site, url, request.validators);
    const location = redirectOf(answer);
    if (location === undefined) return deliver(web, { visit, site, url, answer }, request);
    await answer.discard();
    return { type: 'redirect', location: web.parse(location, url.href).href };
  });
}

function redirectOf(answer: SiteAnswer): string | undefined {
  return [301, 302, 303, 307, 308].includes(answer.status) ? answer.header('location') : undefined;
}

interface Exchange {
  readonly visit: SiteVisit;
  readonly site: SiteRequest;
  readonly url: URL;
  readonly answer: SiteAnswer;
}

async function deliver(web: Web, { visit, site, url, answer }: Exchange, request: WebRequest): Promise<WebDelivery> {
  const record = fetchRecord(url.href, answer.status, (name) => answer.header(name));
  const { etag, lastModified } = request.validators ?? {};
  if (answer.status === 304 && (etag ?? lastModified) !== undefined) {
    await answer.discard();
    return { type: 'notModified', record };
  }
  if (answer.status < 200 || answer.status > 299) {
    await answer.discard();
    const failure = failureOfStatus(url.href, answer.status, answer.header('retry-after'));
    await visit.heedSlowDown(url, answer.status, failure);
    throw failure;
  }
  const mediaType = answer.header('content-type') ?? 'application/octet-stream';
  const limits = { url: url.href, maximumBytes: Math.min(web.options.maximumBytes, request.maximumBytes ?? Number.POSITIVE_INFINITY) };
  return withTransportFailures(site, url.href, async () => {
    try {
      if (request.accepts?.(mediaType) === false) return { type: 'unaccepted', mediaType, record };
      requireDeclaredSize(answer.header('content-length'), limits);
      const bytes = await readBody(answer.body, answer.header('content-encoding'), limits);
      return { type: 'document', bytes, mediaType, record };
    } finally {
      answer.body.destroy();
    }
  });
}
