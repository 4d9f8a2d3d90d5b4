import type { SourceRunRequest } from '../../contracts/ingestSource.ts';
import type { IngestResponse } from '../../contracts/jobs.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import { knownBytes } from './bytesOf.ts';
import { documentPath } from './documentPath.ts';
import { jobLinks } from './jobLinks.ts';
import { jobOptionsOf } from './jobOptions.ts';
import type { ReadRequest } from './readIngestRequest.ts';
import { storeTexts } from './storeTexts.ts';

type AcceptDependencies = Pick<ApiDependencies, 'admitWork' | 'artifacts' | 'jobs' | 'workflowStarter' | 'outbox' | 'emit'>;

/**
 * Stores texts, then the job with its documents in one transaction, then tries to start its workflow.
 * Once the job is stored it will run, even where the start fails now; one of the same id that is there already is left as it is. Throws the stores' outages.
 */
export async function acceptJob(dependencies: AcceptDependencies, principal: Principal, request: ReadRequest & { readonly options: SourceRunRequest }, jobId: string): Promise<IngestResponse> {
  await dependencies.admitWork(principal.tenant, { documents: request.documents.length, bytes: knownBytes(request.documents), jobs: 1 });
  const documents = await storeTexts(dependencies, principal.tenant, request.documents);
  const workflowId = `job/${principal.tenant}/${jobId}`;
  await dependencies.jobs.accept(principal, { jobId, workflowId, documents, ...jobOptionsOf(request.options) });
  dependencies.emit({ type: 'job.accepted', tenant: principal.tenant, jobId, documents: documents.length });
  await startAcceptedWork(dependencies, jobId);
  return {
    jobId,
    state: 'queued',
    documents: request.documents.map(({ index, documentId }) => ({ index, documentId, state: 'queued', links: { status: documentPath(jobId, index) } })),
    invalid: request.invalid.map(({ index, problems }) => ({ index, problems: [...problems] })),
    links: jobLinks(jobId),
  };
}
