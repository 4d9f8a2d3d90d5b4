import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { UsageAmounts } from '../../../contracts/usage.ts';
import type { Schema } from '../schema.ts';
import { sums, toAmounts } from './usageAmounts.ts';
import type { AmountRow } from './usageAmounts.ts';

/** Of this calendar month, what the transaction itself used included. */
export async function readMonth(transaction: Transaction<Schema>, tenant: string): Promise<UsageAmounts> {
  const { rows } = await sql<AmountRow>`select ${sums} from usage_sums where tenant = ${tenant} and day >= date_trunc('month', now() at time zone 'UTC')::date`.execute(transaction);
  return toAmounts(rows[0] as AmountRow);
}
