import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { DiscoveryRequest, DiscoveryStep } from '../../ports/sourceDiscovery.ts';
import { stepTo, type DiscoveryContext } from './discoveryContext.ts';
import { failureOfAnswer, isRefusal } from './firecrawlFailures.ts';
import { listedPage, type PageNaming } from './jobResult.ts';

const mapSchema = z.object({ links: z.array(z.object({ url: z.string(), title: z.string().nullish() })) });
/** Firecrawl answers no more. */
const mostLinks = 100_000;
const timeoutMs = 120_000;

export interface MapRequest {
  readonly url: string;
  readonly maximumDocuments: number;
  readonly subdomains: boolean;
}

/** Lists what the sitemaps name, in one request that starts nothing; the pages are read when they are ingested. */
export async function mapSite(context: DiscoveryContext, request: DiscoveryRequest, naming: PageNaming, map: MapRequest): Promise<DiscoveryStep> {
  const { url, maximumDocuments, subdomains } = map;
  const limit = Math.min(maximumDocuments, mostLinks);
  const body = { url, sitemap: 'only', limit, includeSubdomains: subdomains, ignoreQueryParameters: false, timeout: timeoutMs - 10_000 };
  const answer = await context.connection.call('start', { method: 'POST', path: 'map', body }, request.signal, { timeoutMs });
  if (isRefusal(answer)) throw failureOfAnswer(`the sitemap of ${url}`, answer);
  const listed = mapSchema.safeParse(answer.body);
  if (!listed.success) throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl answers something that is no list of links: ${z.prettifyError(listed.error)}`);
  const { links } = listed.data;
  const titles = new Map<string, string | undefined>();
  for (const { url: address, title } of links) {
    const name = naming.canonical(address);
    if (name !== undefined && naming.isWanted(name) && !titles.has(name)) titles.set(name, title?.trim() === '' ? undefined : title?.trim());
  }
  const gaps = [
    ...(links.length >= limit ? [`The limit of ${limit} addresses was reached; the sitemap may name more.`] : []),
    ...(links.length === 0 ? [`Firecrawl found no address in the sitemaps of ${url}.`] : []),
  ];
  return stepTo({ phase: 'finished' }, { documents: [...titles].map(([name, title]) => listedPage(name, title)), gaps });
}
