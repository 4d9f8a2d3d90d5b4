import type { Dispatcher } from 'undici';
import { CatalystError } from '../../contracts/errors.ts';
import type { RateLimiter } from '../../ports/rateLimiter.ts';
import { readDeadline } from '../shared/readDeadline.ts';
import type { SiteRequest } from './siteRequest.ts';

export interface Politeness {
  readonly limiter: RateLimiter;
  /** Requests to one host at once. */
  readonly concurrency: number;
}

/** Seconds between two requests that are kept at the most, whatever a site asks for. */
const longestCrawlDelay = 60;
/** A site that asks to slow down without a time means some seconds; one that names days is asked again after an hour by those who still want it. */
const usualPauseMs = 5_000;
const longestPauseMs = 60 * 60 * 1_000;

/** All that is asked of sites for one document: its time does not run while it waits for its turn. */
export class SiteVisit {
  readonly #options: { readonly dispatcher: Dispatcher; readonly userAgent: string; readonly politeness: Politeness; readonly signal: AbortSignal };
  #remainingMs: number;

  constructor(options: { readonly dispatcher: Dispatcher; readonly userAgent: string; readonly politeness: Politeness; readonly signal: AbortSignal; readonly timeoutMs: number }) {
    this.#options = options;
    this.#remainingMs = options.timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  get userAgent(): string {
    return this.#options.userAgent;
  }

  /** Talks to the host when it is this visit's turn. `crawlDelay` is in seconds, as robots.txt names it. */
  async exchange<Result>(url: URL, crawlDelay: number | undefined, talk: (site: SiteRequest) => Promise<Result>): Promise<Result> {
    const { dispatcher, userAgent, politeness, signal } = this.#options;
    const limit = {
      key: hostKey(url),
      ...(crawlDelay === undefined || crawlDelay <= 0 ? { concurrency: politeness.concurrency } : { concurrency: 1, perMinute: 60 / Math.min(crawlDelay, longestCrawlDelay) }),
    };
    try {
      return await politeness.limiter.run([limit], signal, async () => {
        const started = performance.now();
        const deadline = readDeadline(url.href, Math.max(this.#remainingMs, 1), signal);
        try {
          return await talk({ dispatcher, userAgent, signal: deadline.signal });
        } finally {
          deadline.clear();
          this.#remainingMs -= performance.now() - started;
        }
      });
    } catch (error) {
      if (error instanceof CatalystError) throw error;
      if (signal.aborted) throw new CatalystError('CANCELLED', `Fetching ${url.href} was cancelled.`, { cause: error });
      throw error;
    }
  }

  /** Where the site asks to slow down, nobody asks it before the time it names. */
  async heedSlowDown(url: URL, status: number, failure: CatalystError): Promise<void> {
    if (status !== 429 && (status !== 503 || failure.retryAfterMs === undefined)) return;
    await this.#options.politeness.limiter.pause(hostKey(url), Math.min(failure.retryAfterMs ?? usualPauseMs, longestPauseMs));
  }
}

function hostKey(url: URL): string {
  return `host:${url.host}`;
}
