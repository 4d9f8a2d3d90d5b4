import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** Below the time after which Postgres ends a transaction in which nothing is asked. */
const askedEveryMs = 15_000;

/** Keeps the transaction open while work goes on elsewhere, which may take longer than Postgres waits for the next question. */
export async function awake<Result>(transaction: Transaction<Schema>, work: () => Promise<Result>): Promise<Result> {
  const timer = setInterval(() => void sql`select 1`.execute(transaction).catch(() => undefined), askedEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
