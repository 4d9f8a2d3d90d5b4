import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { AddedDocument, AddedHandle, JobSteering } from '../../../ports/jobSteering.ts';
import { appendDocuments } from './appendDocuments.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { applyChange, lockSteered, refuseCancelled, refuseFinished, reopened } from './steeredJob.ts';
import type { SteeredJob } from './steeredJob.ts';

export function createJobAddition(database: Database): Pick<JobSteering, 'add'> {
  return {
    async add(tenant, jobId, documents, { reopen = false } = {}) {
      return database.withTenant(tenant, async (transaction) => {
        const job = await lockSteered(transaction, tenant, jobId);
        if (!reopen) {
          refuseFinished(job);
          refuseCancelled(job);
        }
        const { added } = await appendDocuments(transaction, job, documents.map((document) => ({ document, failure: null })));
        // A finished job stays so where nothing joined: this was a repeated call.
        if (added > 0) await applyChange(transaction, job, reopened(job));
        return findHandles(transaction, job, documents);
      });
    },
  };
}

async function findHandles(transaction: Transaction<Schema>, job: SteeredJob, documents: readonly AddedDocument[]): Promise<AddedHandle[]> {
  const rows = await transaction
    .selectFrom('job_documents')
    .select(['index', 'document_id'])
    .where('tenant', '=', job.tenant)
    .where('job_id', '=', job.id)
    .where('document_id', '=', sql<string>`any(${documents.map(({ documentId }) => documentId)}::uuid[])`)
    .execute();
  const indexes = new Map(rows.map((row) => [row.document_id, row.index]));
  return documents.flatMap(({ documentId }) => {
    const index = indexes.get(documentId);
    return index === undefined ? [] : [{ index, documentId }];
  });
}
