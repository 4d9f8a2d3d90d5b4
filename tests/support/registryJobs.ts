import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { createJobRegistry } from '../../src/adapters/postgres/jobs/jobRegistry.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import { digestOf, documentIdOf, newIdentifier } from '../../src/contracts/identifiers.ts';
import type { AcquiredDocument } from '../../src/contracts/ingestion.ts';
import type { DocumentResult } from '../../src/contracts/jobs.ts';
import type { DocumentSpecification } from '../../src/contracts/specification.ts';
import type { JobSource, NewJob } from '../../src/ports/jobRegistry.ts';
import type { AddedDocument } from '../../src/ports/jobSteering.ts';

export const ownerOf = (tenant: string) => ({ tenant, subject: 'tester' });

export function addedDocument(tenant: string, key: string): AddedDocument {
  const reference = { uri: `s3://catalyst/tenants/${tenant}/raw/x`, offset: 0, length: 6, digest: digestOf(key), mediaType: 'text/plain' };
  return { documentId: documentIdOf(tenant, key), sourceKey: key, source: { type: 'text', location: key }, origin: { type: 'stored', reference }, metadata: {}, tags: [], policies: [], bytes: 6 };
}

export function specificationOf(tenant: string, index: number, key = `id:${index}`): DocumentSpecification {
  return { index, ...addedDocument(tenant, key) };
}

export async function acceptJob(database: Database, tenant: string, documents: number, options: Partial<NewJob> & { keyOf?: (index: number) => string } = {}): Promise<string> {
  const jobId = newIdentifier();
  const { keyOf, ...rest } = options;
  const specifications = Array.from({ length: documents }, (_, index) => specificationOf(tenant, index, keyOf?.(index)));
  await createJobRegistry(database).accept(ownerOf(tenant), { jobId, workflowId: `job/${tenant}/${jobId}`, documents: specifications, ...rest });
  return jobId;
}

export const websiteSource = (changes: Partial<JobSource> = {}): JobSource => ({
  sourceId: randomUUID(),
  definition: { type: 'website', url: 'https://site.test/', maximumDepth: 5, maximumDocuments: 100, include: [], exclude: [], sitemap: 'include', subdomains: false, ignoreQuery: false },
  attributes: { metadata: { team: 'docs' }, tags: ['site'], policies: [] },
  onMissing: 'delete',
  ...changes,
});

export const succeeded = (index: number): DocumentResult => ({ index, state: 'succeeded', outcome: 'created', versionId: randomUUID(), chunks: 3, pages: null, lostPages: [], failure: null });

export const failed = (index: number, code: ErrorCode = 'EMPTY_DOCUMENT', message = 'The document has no bytes.'): DocumentResult => ({
  index, state: 'failed', outcome: null, versionId: null, chunks: null, pages: null, lostPages: [], failure: { code, message, remedy: 'Send text.' },
});

export function acquired(index: number): AcquiredDocument {
  const digest = digestOf(`raw ${index}`);
  return { index, documentId: randomUUID(), sequence: 1, versionId: randomUUID(), versionDigest: digest, raw: { uri: 's3://catalyst/x', offset: 0, length: 6, digest, mediaType: 'text/plain' } };
}
