import type { SourceRunRequest } from '../../contracts/ingestSource.ts';
import type { IngestResponse } from '../../contracts/jobs.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { JobSource } from '../../ports/jobRegistry.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import { jobOptionsOf } from './jobOptions.ts';
import { jobLinks } from './jobLinks.ts';

type AcceptDependencies = Pick<ApiDependencies, 'admitWork' | 'jobs' | 'workflowStarter' | 'outbox' | 'emit'>;

/** Accepts a job that finds its documents itself. */
export async function acceptSourceJob(dependencies: AcceptDependencies, principal: Principal, source: JobSource, options: SourceRunRequest, jobId: string): Promise<IngestResponse> {
  await dependencies.admitWork(principal.tenant, { documents: 1, bytes: 0, jobs: 1 });
  const workflowId = `job/${principal.tenant}/${jobId}`;
  await dependencies.jobs.accept(principal, { jobId, workflowId, documents: [], source, ...jobOptionsOf(options) });
  dependencies.emit({ type: 'job.accepted', tenant: principal.tenant, jobId, documents: 0 });
  await startAcceptedWork(dependencies, jobId);
  return { jobId, state: 'queued', documents: [], invalid: [], links: jobLinks(jobId) };
}
