import { newIdentifier } from '../../contracts/identifiers.ts';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { IngestResponse } from '../../contracts/jobs.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import type { CheckedDocument } from './candidate.ts';
import type { ReadRequest } from './readIngestRequest.ts';
import { specificationOf, textMediaType } from './specificationOf.ts';

type AcceptDependencies = Pick<ApiDependencies, 'artifacts' | 'jobs' | 'workflowStarter' | 'outbox' | 'emit'>;

/**
 * Stores texts, then the job with its documents in one transaction, then tries to start its workflow.
 * Once the job is stored it will run, even where the start fails now. Throws the stores' outages.
 */
export async function acceptJob(dependencies: AcceptDependencies, principal: Principal, request: ReadRequest): Promise<IngestResponse> {
  const references = await storeTexts(dependencies, principal.tenant, request.documents);
  const documents = request.documents.map((document) => specificationOf(document, references.get(document.index)));
  const jobId = newIdentifier();
  const workflowId = `job/${principal.tenant}/${jobId}`;
  await dependencies.jobs.accept(principal, { jobId, workflowId, documents });
  dependencies.emit({ type: 'job.accepted', tenant: principal.tenant, jobId, documents: documents.length });
  await startAcceptedWork(dependencies, jobId);
  return responseOf(jobId, request);
}

/** References by index of the document. */
async function storeTexts({ artifacts }: AcceptDependencies, tenant: string, documents: readonly CheckedDocument[]): Promise<ReadonlyMap<number, ArtifactReference>> {
  const texts = documents.filter((document) => document.type === 'text');
  if (texts.length === 0) return new Map();
  const references = await artifacts.putAll(tenant, 'raw', texts.map((document) => ({ bytes: document.content, mediaType: textMediaType(document) })));
  return new Map(texts.flatMap((document, place) => {
    const reference = references[place];
    return reference === undefined ? [] : [[document.index, reference] as const];
  }));
}

/** A document's own address is the page of one document that starts after the index before it. */
function responseOf(jobId: string, request: ReadRequest): IngestResponse {
  const job = `/v1/jobs/${jobId}`;
  const documents = `${job}/documents`;
  return {
    jobId,
    state: 'queued',
    documents: request.documents.map(({ index, documentId }) => ({ index, documentId, state: 'queued', links: { status: `${documents}?${index === 0 ? '' : `cursor=${index - 1}&`}limit=1` } })),
    invalid: request.invalid.map(({ index, problems }) => ({ index, problems: [...problems] })),
    links: { job, documents, events: `${job}/events` },
  };
}
