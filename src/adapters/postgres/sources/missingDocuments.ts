import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { errorTable } from '../../../contracts/errors.ts';
import type { DiscoveryRegistry } from '../../../ports/discoveryRegistry.ts';
import type { Database } from '../database.ts';
import type { JobRow } from '../jobs/jobRows.ts';
import type { Schema } from '../schema.ts';

type RunRow = Pick<JobRow, 'id' | 'tenant' | 'source' | 'source_id' | 'dry_run' | 'cancellation' | 'discovery_state' | 'discovery_gaps'>;

const passingCodes = Object.entries(errorTable).flatMap(([code, { retryable }]) => (retryable ? [code] : []));

export function createMissingDocuments(database: Database): Pick<DiscoveryRegistry, 'listMissing' | 'recordMissing'> {
  return {
    async listMissing(tenant, jobId, limit) {
      return database.withTenant(tenant, async (transaction) => {
        const run = await transaction
          .selectFrom('jobs')
          .select(['id', 'tenant', 'source', 'source_id', 'dry_run', 'cancellation', 'discovery_state', 'discovery_gaps'])
          .where('tenant', '=', tenant)
          .where('id', '=', jobId)
          .executeTakeFirst();
        if (run === undefined || !sawAll(run) || !(await provesAbsence(transaction, run))) return [];
        return readMissing(transaction, run, limit);
      });
    },

    async recordMissing(tenant, jobId, documents) {
      await database.withTenant(tenant, (transaction) => transaction.updateTable('jobs').set({ missing: documents }).where('tenant', '=', tenant).where('id', '=', jobId).execute());
    },
  };
}

function sawAll(run: RunRow): boolean {
  const isWanted = run.source_id !== null && run.source?.onMissing === 'delete' && run.source.definition.type !== 'feed';
  return isWanted && !run.dry_run && run.cancellation === null && run.discovery_state === 'finished' && run.discovery_gaps.length === 0;
}

/**
 * On the web a run that read nothing is more likely a site that is broken than one that is empty; and behind a page that could not be
 * read there may be others that only it links to: one that may be back tomorrow, or that is known from an earlier run.
 */
async function provesAbsence(transaction: Transaction<Schema>, { tenant, id, source }: RunRow): Promise<boolean> {
  const type = source?.definition.type;
  if (type === 'bucket') return true;
  const { rows } = await sql<{ readsSomething: boolean; missesLinks: boolean }>`
    select
      exists (select from job_documents where tenant = ${tenant} and job_id = ${id} and state in ('succeeded', 'partial') and parent_id is null) as "readsSomething",
      exists (
        select from job_documents as run where run.tenant = ${tenant} and run.job_id = ${id} and run.state = 'failed' and run.stage = 'acquire' and run.failure_code <> 'FETCH_NOT_FOUND'
          and (run.failure_code = any(${passingCodes}::text[])
            or exists (select from documents where documents.tenant = ${tenant} and documents.id = run.document_id and version_id is not null and deleted_at is null))) as "missesLinks"`.execute(transaction);
  return rows[0]?.readsSomething === true && !(type === 'website' && rows[0].missesLinks);
}

async function readMissing(transaction: Transaction<Schema>, { tenant, id, source_id: sourceId }: RunRow, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select documents.id from documents
    where documents.tenant = ${tenant} and documents.source_id = ${sourceId} and parent_id is null and deleted_at is null
      and not exists (
        select from job_documents as run where run.tenant = ${tenant} and run.job_id = ${id} and run.document_id = documents.id
          and (run.failure_code is null or run.failure_code <> 'FETCH_NOT_FOUND'))
      and ${sourceId} is not distinct from (
        select latest.source_id from job_documents as latest join jobs on jobs.id = latest.job_id
        where latest.tenant = ${tenant} and latest.document_id = documents.id and latest.state in ('succeeded', 'partial') and not jobs.dry_run order by latest.sequence desc limit 1)
    order by documents.id limit ${limit}`.execute(transaction);
  return rows.map((row) => row.id);
}
