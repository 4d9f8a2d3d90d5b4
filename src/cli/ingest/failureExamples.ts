import type { Job } from '../../contracts/jobs.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { groupFailures } from './failures.ts';
import type { FailureGroup, LocalFailure } from './failures.ts';

/** Enough to meet most codes without listing a large job whole. */
const looksAtDocuments = 100;

/** All failures of some jobs by code, each with a document that failed so: a job itself tells its messages only. */
export async function failuresWithDocuments(client: CatalystClient, jobs: readonly Job[], local: readonly LocalFailure[], signal: AbortSignal): Promise<FailureGroup[]> {
  const examples = new Map<string, string>();
  for (const job of jobs) {
    if (job.failures.every(({ code }) => examples.has(code))) continue;
    let seen = 0;
    for await (const { source, failure } of client.listJobDocuments(job.id, { state: 'failed', pageSize: looksAtDocuments, signal })) {
      if (failure !== null && !examples.has(failure.code)) examples.set(failure.code, `${source.location}: ${failure.message}`);
      seen += 1;
      if (seen >= looksAtDocuments) break;
    }
  }
  return groupFailures(jobs, local).map((group) => ({ ...group, example: examples.get(group.code) ?? group.example }));
}
