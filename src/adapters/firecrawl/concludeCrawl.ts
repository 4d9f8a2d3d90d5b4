import { CatalystError } from '../../contracts/errors.ts';
import type { DiscoveryRequest, DiscoveryStep, UnreadableDocument } from '../../ports/sourceDiscovery.ts';
import { stepTo, type DiscoveryContext } from './discoveryContext.ts';
import type { Ending, JobProgress } from './discoveryCursor.ts';
import { readJobErrors, type FailedPage } from './jobErrors.ts';
import { unreadablePage, type PageNaming } from './jobResult.ts';
import { JobResults } from './jobResults.ts';

/**
 * Accounts for every page: what Firecrawl lists as failed becomes unreadable, and what is neither there nor listed is said in words.
 * That completed equals total proves nothing, since failed pages leave both.
 */
export async function concludeCrawl(context: DiscoveryContext, request: DiscoveryRequest, naming: PageNaming, limit: number, job: JobProgress, ending: Ending): Promise<DiscoveryStep> {
  const failed = await readJobErrors(context, job, request.signal);
  const results = new JobResults(context, request, naming, job);
  const unreadable = unreadableOf(failed ?? [], results, naming);
  if (ending.kind !== 'completed' && results.count === 0 && unreadable.length === 0) {
    throw new CatalystError('FETCHER_REJECTED', `Nothing was read of the crawl ${job.id}: ${sentenceOf(ending, job, results.count)}`);
  }
  const gaps = gapsOf(job, ending, { taken: results.count, failed, limit });
  return stepTo({ phase: 'finished' }, { unreadable, gaps });
}

/** Each page once, by its name; pages that were delivered after all are none. */
export function unreadableOf(failed: readonly FailedPage[], results: JobResults, naming: PageNaming): UnreadableDocument[] {
  const byName = new Map<string, UnreadableDocument>();
  for (const { url, error } of failed) {
    const name = naming.canonical(url);
    if (name === undefined || byName.has(name) || results.hasAddress(name) || !naming.isWanted(name)) continue;
    byName.set(name, unreadablePage(name, error));
  }
  return [...byName.values()];
}

interface Account {
  readonly taken: number;
  readonly failed: readonly FailedPage[] | undefined;
  readonly limit: number;
}

function gapsOf(job: JobProgress, ending: Ending, { taken, failed, limit }: Account): string[] {
  const { completed, total, nameless } = job;
  const listed = failed?.length ?? 0;
  const gaps: string[] = [];
  if (ending.kind !== 'completed') gaps.push(sentenceOf(ending, job, taken));
  if (taken < completed) gaps.push(`Firecrawl counts ${completed} pages that were read, but handed over ${taken} of them.`);
  if (ending.kind === 'completed' && total - completed > listed) gaps.push(`${total - completed - listed} of ${total} pages are neither read nor listed as failed.`);
  if (failed === undefined) gaps.push('Firecrawl does not tell which pages failed.');
  if (nameless > 0) gaps.push(`${nameless} pages came without an address.`);
  if (taken + listed >= limit) gaps.push(`The limit of ${limit} documents was reached; the site may have more.`);
  if (ending.kind === 'completed' && taken + listed === 0) gaps.push('The crawl found no page at all.');
  return gaps;
}

function sentenceOf({ kind, detail }: Ending, { completed, total }: JobProgress, taken: number): string {
  const read = `${taken} of ${Math.max(total, completed, taken)} known pages were read`;
  const why = detail === '' ? '' : ` (${detail.slice(0, 300)})`;
  switch (kind) {
    case 'stalled':
      return `The crawl was given up because ${detail}; ${read}.`;
    case 'expired':
      return `Firecrawl no longer has the results, which it keeps for 24 hours; ${read}.`;
    case 'cancelled':
      return `The crawl was cancelled at Firecrawl${why}; ${read}.`;
    case 'failed':
      return `Firecrawl reports that the crawl failed${why}; ${read}.`;
    case 'completed':
      return `The crawl is complete; ${read}.`;
  }
}
