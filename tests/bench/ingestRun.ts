import type { Job } from '../../src/contracts/jobs.ts';
import type { CatalystClient, DocumentInput } from '../../src/sdk/client.ts';

const documentsPerRequest = 5_000;

export interface IngestRun {
  readonly documents: number;
  readonly chunks: number;
  readonly seconds: number;
}

/** Ingests through the public API and measures from the first request to the end of the last job. */
export async function measureIngest(client: CatalystClient, documents: readonly DocumentInput[]): Promise<IngestRun> {
  const startedAt = performance.now();
  const jobs: Job[] = [];
  for (let first = 0; first < documents.length; first += documentsPerRequest) {
    const { jobId } = await client.ingest({ documents: documents.slice(first, first + documentsPerRequest) });
    jobs.push(await client.waitForJob(jobId));
  }
  const failed = jobs.filter((job) => job.state !== 'succeeded');
  if (failed.length > 0) throw new Error(`${failed.length} jobs did not succeed: ${JSON.stringify(failed[0]?.failures)}`);
  return { documents: documents.length, chunks: jobs.reduce((sum, job) => sum + job.counts.chunks, 0), seconds: (performance.now() - startedAt) / 1000 };
}
