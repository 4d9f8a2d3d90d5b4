import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { RecordCounts } from '../../../../contracts/sweeps.ts';
import type { Schema } from '../../schema.ts';

/** What a step removed, or in a dry run would have: how much, and the names of it. */
export interface SweptRecords {
  readonly counts: Partial<RecordCounts>;
  readonly names: readonly string[];
}

export const noRecords: SweptRecords = { counts: {}, names: [] };

/** In which tenant, and whether anything is removed. */
export interface RecordSweep {
  readonly transaction: Transaction<Schema>;
  readonly tenant: string;
  readonly dryRun: boolean;
}

/** Rows of a table that meet the condition: removed, or in a dry run found. `name` tells one of them from others. */
export async function takeRows({ transaction, dryRun }: RecordSweep, table: keyof Schema, condition: RawBuilder<unknown>, name: RawBuilder<unknown>): Promise<string[]> {
  const rows = dryRun
    ? await sql<{ name: string }>`select ${name} as name from ${sql.table(table)} where ${condition}`.execute(transaction)
    : await sql<{ name: string }>`delete from ${sql.table(table)} where ${condition} returning ${name} as name`.execute(transaction);
  return rows.rows.map((row) => row.name).sort();
}

export async function countRows({ transaction, dryRun }: RecordSweep, table: keyof Schema, condition: RawBuilder<unknown>): Promise<number> {
  if (!dryRun) {
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ${condition}`.execute(transaction);
    return Number(numAffectedRows ?? 0n);
  }
  const { rows } = await sql<{ rows: string }>`select count(*) as rows from ${sql.table(table)} where ${condition}`.execute(transaction);
  return Number(rows[0]?.rows ?? 0);
}
