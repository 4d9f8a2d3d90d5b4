import { createDocumentRegistry } from '../../../src/adapters/postgres/documents/documentRegistry.ts';
import { digestOf, newIdentifier, versionIdOf } from '../../../src/contracts/identifiers.ts';
import { versionArtifactKinds } from '../../../src/contracts/library.ts';
import type { VersionArtifactKind } from '../../../src/contracts/library.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { addedDocument, ownerOf, succeeded } from '../registryJobs.ts';
import type { RegistryApi } from './registryApi.ts';

export interface PublishedDocument {
  readonly documentId: string;
  readonly versionId: string;
  readonly jobId: string;
  readonly text: string;
}

/** A document as ingestion leaves it: its job, version and artifacts; each artifact is its kind and the text. */
export async function publishDocument(api: RegistryApi, tenant: string, key: string, text: string, more: { readonly policies?: readonly string[]; readonly sourceId?: string; readonly rawMediaType?: string } = {}): Promise<PublishedDocument> {
  const { policies = [], sourceId, rawMediaType = 'text/html; charset=utf-8' } = more;
  const jobId = newIdentifier();
  const specification = { ...addedDocument(tenant, key), index: 0, policies: [...policies], ...(sourceId === undefined ? {} : { sourceId }) };
  await api.jobs.accept(ownerOf(tenant), { jobId, workflowId: `job/${tenant}/${jobId}`, documents: [specification] });
  await api.jobs.markJobRunning(tenant, jobId);
  const [task] = await api.jobs.beginStage(tenant, jobId, [0], 'publish', { id: `job/${tenant}/${jobId}/slice/0`, runId: newIdentifier() });
  if (task === undefined) throw new Error('the document is not in work');
  const { documentId, sourceKey, source } = specification;
  const versionDigest = digestOf(text, ...policies);
  const versionId = versionIdOf(documentId, versionDigest, task.sequence);
  const entries = versionArtifactKinds.map((kind) => ({ bytes: Buffer.from(`${kind} ${text}`), mediaType: kind === 'raw' ? rawMediaType : 'application/json' }));
  const references = await api.artifacts.putAll(tenant, 'raw', entries);
  const artifacts = Object.fromEntries(versionArtifactKinds.map((kind, place) => [kind, references[place]])) as Record<VersionArtifactKind, ArtifactReference>;
  const request = { documentId, versionId, versionDigest, sequence: task.sequence, jobId, chunks: 2, pages: 1, title: `Title of ${key}`, sourceKey, source, sourceId: sourceId ?? null, parentId: null, policies, tokens: 500_000, fetched: null, artifacts };
  await createDocumentRegistry(api.database).publish(tenant, [request], () => Promise.resolve());
  await api.jobs.finishDocuments(tenant, jobId, [{ ...succeeded(0), versionId }]);
  await api.jobs.finishJob(tenant, jobId);
  return { documentId, versionId, jobId, text };
}
