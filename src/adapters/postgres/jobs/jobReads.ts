import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import type { JobRegistry, JobTask } from '../../../ports/jobRegistry.ts';
import type { Database } from '../database.ts';
import { anybody, readableRequest } from './readableRequest.ts';
import { toJobDocument, toJobEvent } from './jobRows.ts';
import { readJob } from './jobSummaries.ts';
import type { Schema } from '../schema.ts';

type Reads = Pick<JobRegistry, 'find' | 'listDocuments' | 'listEvents' | 'loadTasks' | 'listUnfinishedTasks'>;

export function createJobReads(database: Database, prices: Prices): Reads {
  return {
    async find(tenant, jobId) {
      return database.withTenant(tenant, (transaction) => readJob(transaction, tenant, jobId, prices));
    },

    async listDocuments(reader, jobId, filter, cursor, limit) {
      const { tenant } = reader;
      return database.withTenant(tenant, async (transaction) => {
        const job = await transaction.selectFrom('jobs').select('id').where('tenant', '=', tenant).where('id', '=', jobId).executeTakeFirst();
        if (job === undefined) return undefined;
        let query = transaction.selectFrom('job_documents').selectAll().select(readableRequest(tenant, reader, 'job_documents').as('readable')).where('tenant', '=', tenant).where('job_id', '=', jobId).where('index', '>', cursor === undefined ? -1 : Number(cursor));
        if (filter.state !== undefined) query = query.where('state', '=', filter.state);
        const rows = await query.orderBy('index').limit(limit + 1).execute();
        const page = rows.slice(0, limit);
        return { documents: page.map(toJobDocument), next: rows.length > limit ? String(page.at(-1)?.index) : null };
      });
    },

    async listEvents(tenant, jobId, afterId, limit) {
      const rows = await database.withTenant(tenant, (transaction) =>
        transaction.selectFrom('job_events').selectAll().select(openEvent(tenant).as('open')).where('tenant', '=', tenant).where('job_id', '=', jobId).where('id', '>', afterId ?? '0').orderBy('id').limit(limit).execute(),
      );
      return rows.map(toJobEvent);
    },

    async loadTasks(tenant, jobId, indexes) {
      if (indexes.length === 0) return [];
      const rows = await database.withTenant(tenant, (transaction) =>
        taskQuery(transaction, tenant, jobId).where('index', '=', sql<number>`any(${[...indexes]}::integer[])`).orderBy('index').execute(),
      );
      return rows.map(toTask);
    },

    async listUnfinishedTasks(tenant, jobId, after, limit) {
      const rows = await database.withTenant(tenant, (transaction) =>
        taskQuery(transaction, tenant, jobId).where('index', '>', after).where('state', 'in', ['queued', 'running']).orderBy('index').limit(limit).execute(),
      );
      return rows.map(toTask);
    },
  };
}

/** Whether anybody in the tenant may read what the event tells of. */
function openEvent(tenant: string) {
  return sql<boolean>`coalesce((select ${readableRequest(tenant, anybody)} from job_documents request where request.tenant = ${tenant} and request.job_id = job_events.job_id and request.index = job_events.index), true)`;
}

function taskQuery(transaction: Transaction<Schema>, tenant: string, jobId: string) {
  return transaction.selectFrom('job_documents').select(['index', 'sequence', 'specification', 'state', 'progress']).where('tenant', '=', tenant).where('job_id', '=', jobId);
}

export type TaskRow = Omit<JobTask, 'sequence'> & { readonly sequence: string };

export function toTask({ index, sequence, specification, state, progress }: TaskRow): JobTask {
  return { index, sequence: Number(sequence), specification, state, progress };
}
