import type { Job } from '../../src/contracts/jobs.ts';
import type { SearchResult } from '../../src/contracts/search.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import type { Log } from './install/toolCache.ts';
import { LocalStackError } from './localStackError.ts';
import { elapsed } from './progress.ts';
import { readSampleDocuments, sampleQuery } from './sampleDocuments.ts';

const ingestWithinMilliseconds = 120_000;
const shownResults = 3;
const shownCharacters = 160;

/** Ingests the shipped documents as any user would, runs one search, and tells both. */
export async function runSample(url: string, token: string, log: Log, signal: AbortSignal): Promise<void> {
  const client = new CatalystClient({ url, token });
  const documents = await readSampleDocuments();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ingestWithinMilliseconds)]);
  const begun = Date.now();
  log(`ingesting the sample set: ${documents.length} documents (about 5 s the first time) …`);
  const { jobId } = await client.ingest({ documents }, { signal: limit });
  const job = await client.waitForJob(jobId, { signal: limit });
  log(`${describeJob(job)} (${elapsed(begun)}, job ${jobId})`);
  if (job.state === 'failed') throw new LocalStackError('The sample set could not be ingested.', `look at the job in the Temporal Web UI, workflow ${job.workflowId}.`);
  const answer = await client.search({ query: sampleQuery, limit: shownResults }, { signal: limit });
  log(`search "${sampleQuery}": ${answer.results.length} results in ${Math.round(answer.tookMs)} ms`);
  for (const result of answer.results) log(describeResult(result));
}

/** One line: how many documents are new, unchanged or failed, and why they failed. */
export function describeJob(job: Job): string {
  const { total, unchanged, succeeded, failed, partial, chunks } = job.counts;
  const changed = succeeded + partial - unchanged;
  const parts = [
    changed > 0 ? `${changed} ingested (${chunks} chunks)` : '',
    unchanged > 0 ? `${unchanged} unchanged` : '',
    failed > 0 ? `${failed} failed: ${job.failures.map((failure) => `${failure.code} (${failure.remedy})`).join(', ')}` : '',
  ];
  return `sample set: ${parts.filter((part) => part !== '').join(', ')} of ${total}`;
}

function describeResult(result: SearchResult): string {
  const place = [result.document.title, ...result.chunk.headings.filter((heading) => heading !== result.document.title)].join(' › ');
  const passage = result.passage.replaceAll(/\s+/g, ' ').trim();
  const shown = passage.length > shownCharacters ? `${passage.slice(0, shownCharacters)}…` : passage;
  return `  ${result.rank}. ${place} (${result.score.toFixed(3)})\n     ${shown}`;
}
