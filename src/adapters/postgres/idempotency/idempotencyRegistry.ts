import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { newIdentifier } from '../../../contracts/identifiers.ts';
import { idempotencyHours } from '../../../contracts/idempotency.ts';
import type { Claim, IdempotencyRegistry, KeyedRequest } from '../../../ports/idempotencyRegistry.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { removeExpiredAnswers } from './removeExpiredAnswers.ts';

export interface IdempotencyRegistryOptions {
  /** How long a try that is no longer heard of keeps others waiting. */
  readonly holdSeconds?: number;
}

/** Few, so that no request waits for the removal; more than one, so that they become fewer. */
const expiredPerClaim = 20;

export function createIdempotencyRegistry(database: Database, { holdSeconds = 30 }: IdempotencyRegistryOptions = {}): IdempotencyRegistry {
  const heldUntil = sql<Date>`now() + make_interval(secs => ${holdSeconds}::double precision)`;
  const change = async (tenant: string, { key, holder }: KeyedRequest, values: object): Promise<void> => {
    await database.withTenant(tenant, (transaction) => transaction.updateTable('idempotency_keys').set(values).where('tenant', '=', tenant).where('key', '=', key).where('holder', '=', holder).execute());
  };
  return {
    claim: (tenant, request) =>
      database.withTenant(tenant, async (transaction) => {
        await removeExpiredAnswers(transaction, tenant, expiredPerClaim);
        const { key, fingerprint, holder } = request;
        const expired = sql`idempotency_keys.created_at < now() - make_interval(hours => ${idempotencyHours})`;
        // One that has expired begins anew; of one that was given up, or whose try is no longer heard of, the same request takes the place.
        const { rows } = await sql<{ seed: string }>`
          insert into idempotency_keys (tenant, key, fingerprint, seed, holder, held_until)
          values (${tenant}, ${key}, ${fingerprint}, ${newIdentifier()}, ${holder}, ${heldUntil})
          on conflict (tenant, key) do update set holder = excluded.holder, held_until = excluded.held_until, fingerprint = excluded.fingerprint,
            seed = case when ${expired} then excluded.seed else idempotency_keys.seed end,
            created_at = case when ${expired} then now() else idempotency_keys.created_at end, status = null, content_type = null, location = null, body = null
          where ${expired} or (idempotency_keys.status is null and idempotency_keys.held_until < now() and idempotency_keys.fingerprint = excluded.fingerprint)
          returning seed`.execute(transaction);
        const [claimed] = rows;
        return claimed === undefined ? readClaim(transaction, tenant, request) : { state: 'claimed', seed: claimed.seed };
      }),

    renew: (tenant, request) => change(tenant, request, { held_until: heldUntil }),

    keep: (tenant, request, { status, contentType, location, body }) => change(tenant, request, { status, content_type: contentType, location, body }),

    async release(tenant, request, { forget }) {
      if (!forget) return change(tenant, request, { held_until: sql<Date>`now() - interval '1 second'` });
      await database.withTenant(tenant, (transaction) => transaction.deleteFrom('idempotency_keys').where('tenant', '=', tenant).where('key', '=', request.key).where('holder', '=', request.holder).execute());
    },
  };
}

async function readClaim(transaction: Transaction<Schema>, tenant: string, { key, fingerprint }: KeyedRequest): Promise<Claim> {
  const row = await transaction.selectFrom('idempotency_keys').selectAll().where('tenant', '=', tenant).where('key', '=', key).executeTakeFirst();
  // Gone in this moment: whoever had it gave it up.
  if (row === undefined) return { state: 'inWork' };
  if (row.fingerprint !== fingerprint) return { state: 'differs' };
  if (row.status === null) return { state: 'inWork' };
  return { state: 'answered', answer: { status: row.status, contentType: row.content_type, location: row.location, body: row.body } };
}
