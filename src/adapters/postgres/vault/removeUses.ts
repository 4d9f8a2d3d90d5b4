import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { Schema } from '../schema.ts';

/** Removes uses of the vault, and the entries that nobody uses any more. Answers the names of the entries that went. */
export async function removeVaultUses(transaction: Transaction<Schema>, tenant: string, condition: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`delete from vault_uses where tenant = ${tenant} and ${condition} returning name`.execute(transaction);
  const names = [...new Set(rows.map(({ name }) => name))].sort();
  if (names.length === 0) return [];
  // Locked by a statement of its own: what somebody used meanwhile is seen by the next one.
  await sql`select from vault_entries where tenant = ${tenant} and name = any(${names}::text[]) order by name for update`.execute(transaction);
  const { rows: gone } = await sql<{ name: string }>`
    delete from vault_entries entry where tenant = ${tenant} and name = any(${names}::text[])
      and not exists (select from vault_uses used where used.tenant = entry.tenant and used.name = entry.name) returning name`.execute(transaction);
  return gone.map(({ name }) => name).sort();
}
