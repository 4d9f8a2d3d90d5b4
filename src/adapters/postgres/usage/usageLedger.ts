import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import { noUsage } from '../../../contracts/usage.ts';
import type { UsageAmounts } from '../../../contracts/usage.ts';
import type { UsageEntry, UsageLedger, UsageSpan } from '../../../ports/usageLedger.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { sums, toAmounts } from './usageAmounts.ts';
import type { AmountRow } from './usageAmounts.ts';

/** Stands for what belongs to no job; below every identifier of one. */
const noJob = '00000000-0000-0000-0000-000000000000';

export function createUsageLedger(database: Database): UsageLedger {
  return {
    async add(tenant, entryId, amounts) {
      const { tokens, embeddings, bytes, credits, searches, queryTokens, reranks, processorSeconds } = { ...noUsage, ...amounts };
      await database.withTenant(tenant, (transaction) => sql`
        insert into usage_entries (tenant, id, tokens, embeddings, bytes, credits, searches, query_tokens, reranks, processor_seconds)
        values (${tenant}, ${entryId}, ${tokens}, ${embeddings}, ${bytes}, ${credits}, ${searches}, ${queryTokens}, ${reranks}, ${processorSeconds}) on conflict do nothing`.execute(transaction));
    },

    read: (tenant, span, by, cursor, limit) =>
      database.withTenant(tenant, async (transaction) => {
        const totals = await readTotals(transaction, tenant, span);
        const rows = by === 'day' ? await readDays(transaction, tenant, span, cursor, limit + 1) : await readJobs(transaction, tenant, span, cursor, limit + 1);
        const entries = rows.slice(0, limit).map(toEntry);
        const last = rows.slice(0, limit).at(-1);
        return { totals, entries, next: rows.length > limit && last !== undefined ? (last.day ?? last.job_id) : null };
      }),
  };
}

interface GroupRow extends AmountRow {
  readonly day: string | null;
  readonly job_id: string | null;
}

function within(tenant: string, { from, to }: UsageSpan): RawBuilder<unknown> {
  return sql`usage_sums where tenant = ${tenant} and day between ${from}::date and ${to}::date`;
}

async function readTotals(transaction: Transaction<Schema>, tenant: string, span: UsageSpan): Promise<UsageAmounts> {
  const { rows } = await sql<AmountRow>`select ${sums} from ${within(tenant, span)}`.execute(transaction);
  return toAmounts(rows[0] as AmountRow);
}

async function readDays(transaction: Transaction<Schema>, tenant: string, span: UsageSpan, cursor: string | undefined, limit: number): Promise<readonly GroupRow[]> {
  const after = cursor === undefined ? sql`true` : sql`day > ${cursor}::date`;
  return (await sql<GroupRow>`select day::text as day, null as job_id, ${sums} from ${within(tenant, span)} and ${after} group by 1 order by 1 limit ${limit}`.execute(transaction)).rows;
}

async function readJobs(transaction: Transaction<Schema>, tenant: string, span: UsageSpan, cursor: string | undefined, limit: number): Promise<readonly GroupRow[]> {
  const after = cursor === undefined ? sql`true` : sql`job_id < ${cursor}::uuid`;
  return (await sql<GroupRow>`select null as day, job_id, ${sums} from ${within(tenant, span)} and ${after} group by job_id order by job_id desc limit ${limit}`.execute(transaction)).rows;
}

function toEntry(row: GroupRow): UsageEntry {
  return { day: row.day, jobId: row.job_id === noJob ? null : row.job_id, ...toAmounts(row) };
}
