import type { IngestResponse } from '../../contracts/jobs.ts';

export function jobLinks(jobId: string): IngestResponse['links'] {
  const job = `/v1/jobs/${jobId}`;
  return { job, documents: `${job}/documents`, events: `${job}/events` };
}
