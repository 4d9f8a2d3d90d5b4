import { sql } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import type { JobReports } from '../../../ports/jobReports.ts';
import type { Database } from '../database.ts';
import { createDeadLetterReports } from './deadLetterReports.ts';
import { createProgressReport } from './jobProgress.ts';
import { summariseJobs } from './jobSummaries.ts';
import { microsecondsOf, readCursor, writeCursor } from '../timeCursor.ts';
import { createTokenReport } from './tokensPerByte.ts';

export function createJobReports(database: Database, { prices }: { readonly prices: Prices }): JobReports {
  return {
    ...createDeadLetterReports(database),
    ...createProgressReport(database, prices),
    ...createTokenReport(database),

    async listJobs(tenant, { sourceId }, cursor, limit) {
      return database.withTenant(tenant, async (transaction) => {
        let query = transaction.selectFrom('jobs').selectAll().select(microsecondsOf('created_at').as('microseconds')).where('tenant', '=', tenant);
        if (sourceId !== undefined) query = query.where('source_id', '=', sourceId);
        if (cursor !== undefined) {
          const { moment, id } = readCursor(cursor);
          query = query.where(sql<boolean>`(created_at, id) < (${moment}, ${id}::uuid)`);
        }
        const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1).execute();
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        return { jobs: await summariseJobs(transaction, tenant, page, prices), next: rows.length > limit && last !== undefined ? writeCursor(last.microseconds, last.id) : null };
      });
    },
  };
}
