import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { State } from '../../../contracts/jobs.ts';
import type { RegisteredSource, SourceRequest } from '../../../contracts/sources.ts';
import type { SourceRegistry } from '../../../ports/sourceRegistry.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';

export function createSourceRegistry(database: Database): SourceRegistry {
  return {
    async create(tenant, sourceId, request) {
      return database.withTenant(tenant, async (transaction) => {
        await transaction.insertInto('sources').values({ tenant, id: sourceId, request: JSON.stringify(request) }).onConflict((conflict) => conflict.doNothing()).execute();
        return (await readSources(transaction, tenant, sql`sources.id = ${sourceId}`, 1))[0] as RegisteredSource;
      });
    },

    find: (tenant, sourceId) => database.withTenant(tenant, async (transaction) => (await readSources(transaction, tenant, sql`sources.id = ${sourceId}`, 1))[0]),

    async list(tenant, cursor, limit) {
      const after = cursor === undefined ? sql`true` : sql`sources.id < ${cursor}`;
      const sources = await database.withTenant(tenant, (transaction) => readSources(transaction, tenant, after, limit + 1));
      const page = sources.slice(0, limit);
      return { sources: page, next: sources.length > limit ? (page.at(-1)?.id ?? null) : null };
    },

    async update(tenant, sourceId, request) {
      return database.withTenant(tenant, async (transaction) => {
        await transaction.updateTable('sources').set({ request: JSON.stringify(request), updated_at: sql`now()` }).where('tenant', '=', tenant).where('id', '=', sourceId).execute();
        return (await readSources(transaction, tenant, sql`sources.id = ${sourceId}`, 1))[0];
      });
    },

    async remove(tenant, sourceId) {
      const { numDeletedRows } = await database.withTenant(tenant, (transaction) =>
        transaction.deleteFrom('sources').where('tenant', '=', tenant).where('id', '=', sourceId).executeTakeFirst(),
      );
      return numDeletedRows > 0n;
    },
  };
}

interface SourceRow {
  readonly id: string;
  readonly request: SourceRequest;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly documents: string;
  readonly job_id: string | null;
  readonly job_state: State | null;
  readonly job_created_at: Date | null;
  readonly job_finished_at: Date | null;
}

/** Newest first. */
async function readSources(transaction: Transaction<Schema>, tenant: string, condition: RawBuilder<unknown>, limit: number): Promise<RegisteredSource[]> {
  const { rows } = await sql<SourceRow>`
    select sources.id, sources.request, sources.created_at, sources.updated_at,
      (select count(*) from documents where documents.tenant = sources.tenant and documents.source_id = sources.id and documents.version_id is not null) as documents,
      job.id as job_id, job.state as job_state, job.created_at as job_created_at, job.finished_at as job_finished_at
    from sources left join lateral (
      select id, state, created_at, finished_at from jobs where jobs.tenant = sources.tenant and jobs.source_id = sources.id order by created_at desc limit 1) job on true
    where sources.tenant = ${tenant} and ${condition} order by sources.id desc limit ${limit}`.execute(transaction);
  return rows.map(toSource);
}

function toSource(row: SourceRow): RegisteredSource {
  const { job_id: id, job_state: state, job_created_at: createdAt, job_finished_at: finishedAt } = row;
  return {
    ...row.request,
    id: row.id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    documents: Number(row.documents),
    lastJob: id === null || state === null || createdAt === null ? null : { id, state, createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null },
  };
}
