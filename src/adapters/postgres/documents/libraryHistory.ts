import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import type { DocumentHistory } from '../../../contracts/library.ts';
import type { LibraryReader } from '../../../ports/library.ts';
import { readableBy } from './readableBy.ts';
import { toDeletionRecord, toRequestRecord, toStoredDocument } from './libraryRows.ts';
import type { DeletionRow, RequestRow } from './libraryRows.ts';
import { readVersions } from './libraryVersions.ts';
import type { Schema } from '../schema.ts';

/** Of a document that is being ingested for the first time there is no history yet. */
export async function readHistory(transaction: Transaction<Schema>, reader: LibraryReader, documentId: string, prices: Prices): Promise<DocumentHistory | undefined> {
  const { tenant } = reader;
  const document = await transaction.selectFrom('documents').selectAll().where('tenant', '=', tenant).where('id', '=', documentId).where(readableBy(reader)).executeTakeFirst();
  if (document === undefined) return undefined;
  const requests = await sql<RequestRow>`
    select task.sequence, task.job_id, task.index, task.workflow, task.state, task.stage, task.outcome, task.version_id, task.failure, task.started_at, task.finished_at, jobs.subject
    from job_documents task join jobs on jobs.tenant = task.tenant and jobs.id = task.job_id
    where task.tenant = ${tenant} and task.document_id = ${documentId} order by task.sequence desc`.execute(transaction);
  const deletions = await sql<DeletionRow>`
    select deletions.id, doomed.sequence, deletions.subject, deletions.created_at, deletions.finished_at
    from deletion_documents doomed join deletions on deletions.tenant = doomed.tenant and deletions.id = doomed.deletion_id
    where doomed.tenant = ${tenant} and doomed.document_id = ${documentId} order by doomed.sequence desc`.execute(transaction);
  return {
    document: toStoredDocument(document),
    versions: await readVersions(transaction, tenant, documentId, prices),
    requests: requests.rows.map(toRequestRecord),
    deletions: deletions.rows.map(toDeletionRecord),
  };
}
