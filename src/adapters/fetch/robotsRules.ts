import * as robotsParser from 'robots-parser';
import { CatalystError } from '../../contracts/errors.ts';
import { failureOfStatus } from '../shared/fetchFailures.ts';
import { readBody } from './responseBody.ts';
import { getFromSite, withTransportFailures, type SiteRequest } from './siteRequest.ts';
import { parseTargetUrl, type AddressRule } from '../shared/targetUrl.ts';

interface Rules {
  isAllowed(url: string, userAgent: string): boolean | undefined;
}
/** The package is CommonJS, and its declarations say otherwise. */
const parseRobots = (robotsParser as unknown as { readonly default: (url: string, text: string) => Rules }).default;

/** RFC 9309: at least 500 KiB are read, five redirects followed, and nothing kept for longer than a day. */
const maximumBytes = 512 * 1024;
const mostRedirects = 5;
const keptMs = 60 * 60 * 1_000;
const mostSites = 1_000;

/** Asks robots.txt of each site, once an hour. */
export class RobotsRules {
  readonly #isAllowed: AddressRule;
  readonly #sites = new Map<string, { readonly rules: Promise<Rules>; readonly until: number }>();

  constructor(isAllowed: AddressRule) {
    this.#isAllowed = isAllowed;
  }

  /** Throws ROBOTS_DISALLOWED, or what keeps robots.txt from being read: then nobody knows what is allowed. */
  async requireAllowed(site: SiteRequest, url: URL): Promise<void> {
    const rules = await this.#rulesOf(site, url.origin);
    if (rules.isAllowed(url.href, productToken(site.userAgent)) === false) {
      throw new CatalystError('ROBOTS_DISALLOWED', `The robots.txt of ${url.origin} does not allow ${url.href} to be fetched.`);
    }
  }

  async #rulesOf(site: SiteRequest, origin: string): Promise<Rules> {
    const known = this.#sites.get(origin);
    const shared = known !== undefined && known.until > Date.now();
    const rules = shared ? known.rules : readRobots(site, origin, this.#isAllowed);
    if (!shared) this.#remember(origin, rules);
    try {
      return await rules;
    } catch (error) {
      // A failure is not kept: the next one asks again. One who only shared the request of a cancelled one asks at once.
      if (this.#sites.get(origin)?.rules === rules) this.#sites.delete(origin);
      if (shared && !site.signal.aborted && error instanceof CatalystError && error.code === 'CANCELLED') return this.#rulesOf(site, origin);
      throw error;
    }
  }

  #remember(origin: string, rules: Promise<Rules>): void {
    this.#sites.delete(origin);
    if (this.#sites.size >= mostSites) this.#sites.delete(this.#sites.keys().next().value!);
    this.#sites.set(origin, { rules, until: Date.now() + keptMs });
  }
}

async function readRobots(site: SiteRequest, origin: string, isAllowed: AddressRule): Promise<Rules> {
  let url = new URL('/robots.txt', origin);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await getFromSite(site, url);
    const location = answer.header('location');
    if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
      await answer.discard();
      url = parseTargetUrl(location, isAllowed, url.href);
      continue;
    }
    if (answer.status >= 200 && answer.status < 300) {
      const limits = { url: url.href, maximumBytes };
      const bytes = await withTransportFailures(site, url.href, () => readBody(answer.body, answer.header('content-encoding'), { ...limits, cut: true }));
      return parseRobots(new URL('/robots.txt', origin).href, Buffer.from(bytes).toString('utf8').replace(/^\ufeff/, ''));
    }
    await answer.discard();
    // Too many requests is the one refusal that says nothing about rules.
    if (answer.status === 429 || answer.status >= 500) throw failureOfStatus(url.href, answer.status, answer.header('retry-after'));
    return allowAll;
  }
  return allowAll;
}

const allowAll: Rules = { isAllowed: () => true };

/** `CatalystIndex/1.0 (+address)` is called `CatalystIndex` in robots.txt. */
function productToken(userAgent: string): string {
  return /^[^/\s]+/.exec(userAgent)?.[0] ?? userAgent;
}
