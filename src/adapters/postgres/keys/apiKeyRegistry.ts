import { sql } from 'kysely';
import type { Selectable, Transaction, UpdateObject } from 'kysely';
import type { ApiKey } from '../../../contracts/apiKeys.ts';
import type { ApiKeyRegistry, SecretRecord } from '../../../ports/apiKeyRegistry.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import type { ApiKeysTable } from './apiKeysTable.ts';
import { presentedKeyOf, shownKeyOf } from './apiKeyRows.ts';

/** Last use is told to the minute: a key that is used all the time costs one write a minute, not one a request. */
const lastUseSeconds = 60;

export function createApiKeyRegistry(database: Database): ApiKeyRegistry {
  return {
    create: (tenant, keyId, { name, scopes, policies, expiresInDays }, secret, createdBy) =>
      database.withTenant(tenant, async (transaction) => {
        const values = { tenant, id: keyId, name, scopes, policies, life_days: expiresInDays, created_by: createdBy, ...columnsOf(secret), expires_at: sql<Date | null>`now() + make_interval(days => ${expiresInDays}::integer)` };
        return shownKeyOf(await transaction.insertInto('api_keys').values(values).returningAll().executeTakeFirstOrThrow());
      }),

    find: (tenant, keyId) => database.withTenant(tenant, (transaction) => readKey(transaction, tenant, keyId)),

    async list(tenant, cursor, limit) {
      const rows = await database.withTenant(tenant, (transaction) => {
        const newest = transaction.selectFrom('api_keys').selectAll().where('tenant', '=', tenant).orderBy('id', 'desc').limit(limit + 1);
        return (cursor === undefined ? newest : newest.where('id', '<', cursor)).execute();
      });
      const page = rows.slice(0, limit);
      return { keys: page.map(shownKeyOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },

    rotate: (tenant, keyId, secret, graceSeconds) =>
      database.withTenant(tenant, (transaction) => changeKey(transaction, tenant, keyId, {
        ...columnsOf(secret),
        expires_at: sql<Date | null>`now() + make_interval(days => life_days)`,
        previous_prefix: sql<string>`prefix`,
        previous_check: sql<string>`secret_check`,
        previous_hash: sql<string>`secret_hash`,
        previous_expires_at: sql<Date>`least(expires_at, now() + make_interval(secs => ${graceSeconds}::integer))`,
        rotated_at: sql<Date>`now()`,
      })),

    revoke: (tenant, keyId) =>
      database.withTenant(tenant, async (transaction) => (await changeKey(transaction, tenant, keyId, { revoked_at: sql<Date>`now()` })) ?? (await readKey(transaction, tenant, keyId))),

    async lookUp(prefix) {
      const { rows } = await database.withoutTenant((kysely) => sql<Selectable<ApiKeysTable>>`select * from find_api_key(${prefix})`.execute(kysely));
      return rows[0] === undefined ? undefined : presentedKeyOf(rows[0], prefix);
    },

    async markUsed(tenant, keyId) {
      await database.withTenant(tenant, (transaction) =>
        sql`update api_keys set last_used_at = now() where tenant = ${tenant} and id = ${keyId} and (last_used_at is null or last_used_at < now() - make_interval(secs => ${lastUseSeconds}))`.execute(transaction),
      );
    },
  };
}

async function readKey(transaction: Transaction<Schema>, tenant: string, keyId: string): Promise<ApiKey | undefined> {
  const row = await transaction.selectFrom('api_keys').selectAll().where('tenant', '=', tenant).where('id', '=', keyId).executeTakeFirst();
  return row === undefined ? undefined : shownKeyOf(row);
}

type Change = UpdateObject<Schema, 'api_keys'>;

/** Undefined where there is no such key, or it is revoked: what is revoked stays as it is. */
async function changeKey(transaction: Transaction<Schema>, tenant: string, keyId: string, change: Change): Promise<ApiKey | undefined> {
  const row = await transaction.updateTable('api_keys').set(change).where('tenant', '=', tenant).where('id', '=', keyId).where('revoked_at', 'is', null).returningAll().executeTakeFirst();
  return row === undefined ? undefined : shownKeyOf(row);
}

function columnsOf({ prefix, check, hash }: SecretRecord) {
  return { prefix, secret_check: check, secret_hash: hash };
}
