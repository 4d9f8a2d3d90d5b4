import { sql } from 'kysely';
import type { JobReports } from '../../../ports/jobReports.ts';
import type { Database } from '../database.ts';

/** Fewer documents say little about the next ones. */
const leastDocuments = 20;
/** Newest first: what a tenant sends changes over time. */
const versionsLookedAt = 1_000;

export function createTokenReport(database: Database): Pick<JobReports, 'tokensPerByte'> {
  return {
    async tokensPerByte(tenant) {
      const { rows } = await database.withTenant(tenant, (transaction) =>
        sql<{ documents: number; low: number; expected: number; high: number }>`
          with recent as (
            select * from versions where tenant = ${tenant} and tokens > 0 order by published_at desc limit ${versionsLookedAt}
          ), ratios as (
            select recent.tokens::double precision / length as ratio
            from recent join version_artifacts as raw on raw.tenant = ${tenant} and raw.document_id = recent.document_id and raw.version_id = recent.id and raw.kind = 'raw' and length > 0
          )
          select count(*)::integer as documents, percentile_cont(0.1) within group (order by ratio) as low,
            percentile_cont(0.5) within group (order by ratio) as expected, percentile_cont(0.9) within group (order by ratio) as high
          from ratios`.execute(transaction),
      );
      const [row] = rows;
      return row === undefined || row.documents < leastDocuments ? undefined : { low: row.low, expected: row.expected, high: row.high };
    },
  };
}
