import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Schema } from '../schema.ts';

/**
 * To be called in the transaction that records a change of what the tenant's searches may answer, after the index has been changed, and
 * last of all: from here to the commit the tenant's other changes wait, and a transaction that locked more afterwards could block another for ever.
 */
export async function raiseIndexEpoch(transaction: Transaction<Schema>, tenant: string): Promise<void> {
  await sql`
    insert into index_epochs (tenant, epoch) values (${tenant}, 1)
    on conflict (tenant) do update set epoch = index_epochs.epoch + 1`.execute(transaction);
}

/** The same, where what changes is how the tenant's searches go (synonyms, settings): processes that keep them in memory learn of it with the epoch. */
export async function raiseSettingsEpoch(transaction: Transaction<Schema>, tenant: string): Promise<void> {
  await sql`
    insert into index_epochs (tenant, epoch, settings_epoch) values (${tenant}, 1, 1)
    on conflict (tenant) do update set epoch = index_epochs.epoch + 1, settings_epoch = index_epochs.epoch + 1`.execute(transaction);
}
