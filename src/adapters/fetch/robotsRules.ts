import * as robotsParser from 'robots-parser';
import { CatalystError } from '../../contracts/errors.ts';
import { failureOfStatus } from '../shared/fetchFailures.ts';
import { readBody } from './responseBody.ts';
import { getFromSite, withTransportFailures, type SiteAnswer, type SiteRequest } from './siteRequest.ts';
import type { SiteVisit } from './siteVisit.ts';

interface Rules {
  isAllowed(url: string, userAgent: string): boolean | undefined;
  getCrawlDelay(userAgent: string): number | undefined;
  getSitemaps(): string[];
}
/** The package is CommonJS, and its declarations say otherwise. */
const parseRobots = (robotsParser as unknown as { readonly default: (url: string, text: string) => Rules }).default;

/** RFC 9309: at least 500 KiB are read, five redirects followed, and nothing kept for longer than a day. */
const maximumBytes = 512 * 1024;
const mostRedirects = 5;
const keptMs = 60 * 60 * 1_000;
/** So that not every page of a site in trouble asks again. */
const failureKeptMs = 5_000;
const mostSites = 1_000;

/** An address, absolute or relative to another. Throws URL_FORBIDDEN. */
export type ParseAddress = (text: string, base?: string) => URL;

/** Asks robots.txt of each site, once an hour. What keeps it from being read is thrown: then nobody knows what is allowed. */
export class RobotsRules {
  readonly #parse: ParseAddress;
  readonly #sites = new Map<string, { readonly rules: Promise<Rules>; until: number }>();

  constructor(parse: ParseAddress) {
    this.#parse = parse;
  }

  /** Throws ROBOTS_DISALLOWED; answers the seconds that robots are asked to let pass between two requests. */
  async requireAllowed(visit: SiteVisit, url: URL): Promise<number | undefined> {
    const rules = await this.#rulesOf(visit, url.origin);
    const name = productToken(visit.userAgent);
    if (rules.isAllowed(url.href, name) === false) {
      throw new CatalystError('ROBOTS_DISALLOWED', `The robots.txt of ${url.origin} does not allow ${url.href} to be fetched.`);
    }
    return rules.getCrawlDelay(name);
  }

  async sitemapsOf(visit: SiteVisit, url: URL): Promise<string[]> {
    return (await this.#rulesOf(visit, url.origin)).getSitemaps();
  }

  async #rulesOf(visit: SiteVisit, origin: string): Promise<Rules> {
    const known = this.#sites.get(origin);
    const shared = known !== undefined && known.until > Date.now();
    const rules = shared ? known.rules : this.#read(visit, origin);
    if (!shared) this.#remember(origin, rules);
    try {
      return await rules;
    } catch (error) {
      const failed = error instanceof CatalystError ? error.code : 'INTERNAL';
      const keptFor = Math.min(failureKeptMs, (error instanceof CatalystError ? error.retryAfterMs : undefined) ?? failureKeptMs);
      const entry = this.#sites.get(origin);
      // The site's failure is kept for a moment. That others were in the way, or gave up, says nothing about it.
      if (entry?.rules === rules && (failed === 'CANCELLED' || failed === 'THROTTLED')) this.#sites.delete(origin);
      else if (entry?.rules === rules) entry.until = Math.min(entry.until, Date.now() + keptFor);
      if (shared && !visit.signal.aborted && failed === 'CANCELLED') return this.#rulesOf(visit, origin);
      throw error;
    }
  }

  #remember(origin: string, rules: Promise<Rules>): void {
    this.#sites.delete(origin);
    if (this.#sites.size >= mostSites) this.#sites.delete(this.#sites.keys().next().value!);
    this.#sites.set(origin, { rules, until: Date.now() + keptMs });
  }

  async #read(visit: SiteVisit, origin: string): Promise<Rules> {
    let url = new URL('/robots.txt', origin);
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const read = await visit.exchange(url, undefined, async (site) => readAnswer(site, visit, url, await getFromSite(site, url)));
      if ('text' in read) return read.text === undefined ? allowAll : parseRobots(new URL('/robots.txt', origin).href, read.text);
      url = this.#parse(read.location, url.href);
    }
    return allowAll;
  }
}

/** No text where the site has no rules. */
async function readAnswer(site: SiteRequest, visit: SiteVisit, url: URL, answer: SiteAnswer): Promise<{ readonly location: string } | { readonly text: string | undefined }> {
  const location = answer.header('location');
  if (answer.status >= 200 && answer.status < 300) {
    const bytes = await withTransportFailures(site, url.href, () => readBody(answer.body, answer.header('content-encoding'), { url: url.href, maximumBytes, cut: true }));
    return { text: Buffer.from(bytes).toString('utf8').replace(/^\ufeff/, '') };
  }
  await answer.discard();
  if (answer.status >= 300 && answer.status < 400 && location !== undefined) return { location };
  // Too many requests is the one refusal that says nothing about rules.
  if (answer.status !== 429 && answer.status < 500) return { text: undefined };
  const failure = failureOfStatus(url.href, answer.status, answer.header('retry-after'));
  await visit.heedSlowDown(url, answer.status, failure);
  throw failure;
}

const allowAll: Rules = { isAllowed: () => true, getCrawlDelay: () => undefined, getSitemaps: () => [] };

/** `CatalystIndex/1.0 (+address)` is called `CatalystIndex` in robots.txt. */
export function productToken(userAgent: string): string {
  return /^[^/\s]+/.exec(userAgent)?.[0] ?? userAgent;
}
