import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdempotencyRegistry } from '../../../src/adapters/postgres/idempotency/idempotencyRegistry.ts';
import { createSweepRegistry } from '../../../src/adapters/postgres/sweeps/sweepRegistry.ts';
import { digestOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { IdempotencyRegistry, KeyedRequest } from '../../../src/ports/idempotencyRegistry.ts';
import { startTestDatabase } from '../../support/postgres.ts';

let server: Awaited<ReturnType<typeof startTestDatabase>>;
let registry: IdempotencyRegistry;
beforeAll(async () => {
  server = await startTestDatabase();
  registry = createIdempotencyRegistry(server.database);
}, 600_000);
afterAll(() => server.close());

const answer = { status: 202, contentType: 'application/json; charset=utf-8', location: '/v1/jobs/1', body: '{"a":1}' };
const requestOf = (key: string, body = 'body'): KeyedRequest => ({ key: digestOf(key), fingerprint: digestOf(body), holder: newIdentifier() });
const age = (tenant: string, hours: number) => server.database.withTenant(tenant, (transaction) => sql`update idempotency_keys set created_at = now() - make_interval(hours => ${hours})`.execute(transaction));
const count = (tenant: string) => server.database.withTenant(tenant, async (transaction) => Number((await transaction.selectFrom('idempotency_keys').select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow()).count));

describe('requests with an idempotency key', () => {
  it('belong to one of all who come at once', async () => {
    const claims = await Promise.all(Array.from({ length: 12 }, () => registry.claim('once-a', requestOf('k'))));
    expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ state }) => state === 'inWork')).toHaveLength(11);
  });

  it('are answered as the first was, and refused where they differ, in their tenant alone', async () => {
    const request = requestOf('k');
    await registry.claim('once-b', request);
    expect(await registry.claim('once-b', requestOf('k', 'other'))).toEqual({ state: 'differs' });
    await registry.keep('once-b', request, answer);
    expect(await registry.claim('once-b', requestOf('k'))).toEqual({ state: 'answered', answer });
    expect(await registry.claim('once-b', requestOf('k', 'other'))).toEqual({ state: 'differs' });
    expect((await registry.claim('once-c', requestOf('k'))).state).toBe('claimed');
  });

  it('that were cut off are taken up under the same seed, and only by the same request', async () => {
    const impatient = createIdempotencyRegistry(server.database, { holdSeconds: 0.2 });
    const first = requestOf('k');
    const claimed = await impatient.claim('once-d', first);
    await sleep(150);
    await impatient.renew('once-d', first);
    await sleep(150);
    expect((await impatient.claim('once-d', requestOf('k'))).state).toBe('inWork');
    await sleep(250);
    expect((await impatient.claim('once-d', requestOf('k', 'other'))).state).toBe('differs');
    expect(await impatient.claim('once-d', requestOf('k'))).toEqual(claimed);
    // The first try comes back to life: the answer is no longer its to give.
    await impatient.keep('once-d', first, answer);
    expect((await impatient.claim('once-d', requestOf('k'))).state).toBe('inWork');
  });

  it('that failed leave the key to the same request, and that were refused to any', async () => {
    const failed = requestOf('k');
    const claimed = await registry.claim('once-e', failed);
    await registry.release('once-e', failed, { forget: false });
    const again = requestOf('k');
    expect(await registry.claim('once-e', again)).toEqual(claimed);
    await registry.release('once-e', again, { forget: true });
    const fresh = await registry.claim('once-e', requestOf('k', 'other'));
    expect(fresh.state).toBe('claimed');
    expect(fresh).not.toEqual(claimed);
  });

  it('are forgotten after a day, by the next request and by sweeps', async () => {
    const request = requestOf('k');
    const claimed = await registry.claim('once-f', request);
    await registry.keep('once-f', request, answer);
    await age('once-f', 23);
    expect((await registry.claim('once-f', requestOf('k'))).state).toBe('answered');
    await age('once-f', 25);
    const again = await registry.claim('once-f', requestOf('k', 'other'));
    expect(again.state).toBe('claimed');
    expect(again).not.toEqual(claimed);

    await age('once-f', 25);
    const sweeps = createSweepRegistry(server.database);
    const id = newIdentifier();
    await sweeps.accept({ tenant: 'once-f', subject: 'ada' }, { id, workflowId: `sweep/once-f/${id}`, dryRun: false });
    await sweeps.finish('once-f', id);
    expect(await count('once-f')).toBe(0);
  });
});
