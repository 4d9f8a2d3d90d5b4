import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack } from '../../../infra/local/testStack.ts';
import type { TestStack } from '../../../infra/local/testStack.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createApiKeyRegistry } from '../../../src/adapters/postgres/keys/apiKeyRegistry.ts';
import { createApiKeyAuthenticator } from '../../../src/api/authentication/apiKeyAuthenticator.ts';
import { makeApiKey, readApiKey } from '../../../src/api/authentication/apiKeySecret.ts';
import type { PresentedSecret } from '../../../src/api/authentication/apiKeySecret.ts';
import type { ApiKey } from '../../../src/contracts/apiKeys.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { ApiKeyRegistry } from '../../../src/ports/apiKeyRegistry.ts';

/** One for each of two API processes, which share nothing but the database. */
let stack: TestStack;
let databases: [Database, Database];
let registry: ApiKeyRegistry;
beforeAll(async () => {
  stack = await startTestStack({ services: ['postgres'] });
  const url = stack.environment['DATABASE_URL'] ?? '';
  databases = [openDatabase({ url, poolSize: 4 }), openDatabase({ url, poolSize: 4 })];
  await databases[0].migrate();
  registry = createApiKeyRegistry(databases[0]);
}, 600_000);
afterAll(async () => {
  for (const database of databases) await database.close();
  await stack.stop();
});

interface Made {
  readonly key: ApiKey;
  readonly presented: PresentedSecret;
}

async function make(tenant: string, expiresInDays: number | null = 90): Promise<Made> {
  const { token, record } = await makeApiKey();
  const key = await registry.create(tenant, newIdentifier(), { name: 'test', scopes: ['search:read'], policies: ['finance'], expiresInDays }, record, 'ada');
  return { key, presented: readApiKey(token) as PresentedSecret };
}

/** As another process has it: with caches and connections of its own. */
function authenticatorOf(database: Database) {
  const asked = { lookUps: 0, uses: 0 };
  const inner = createApiKeyRegistry(database);
  const counted = {
    lookUp: (prefix: string) => (asked.lookUps++, inner.lookUp(prefix)),
    markUsed: (tenant: string, keyId: string) => (asked.uses++, inner.markUsed(tenant, keyId)),
  };
  const authenticator = createApiKeyAuthenticator({ registry: counted, emit: () => undefined });
  return { authenticate: (presented: PresentedSecret) => authenticator.authenticate(presented), asked };
}

describe('an API key', () => {
  it('names its principal, and costs no read while it is known', async () => {
    const { key, presented } = await make('keys-a');
    const { authenticate, asked } = authenticatorOf(databases[1]);
    await expect(authenticate(presented)).resolves.toEqual({ tenant: 'keys-a', subject: `key:${key.id}`, roles: [], scopes: ['search:read'], policies: ['finance'] });
    const startedAt = performance.now();
    for (let times = 0; times < 500; times += 1) await authenticate(presented);
    const seconds = (performance.now() - startedAt) / 1_000;
    expect(asked.lookUps).toBeLessThanOrEqual(2 + seconds / 0.4);
    expect(asked.uses).toBe(1);
  });

  it('is kept as a hash alone', async () => {
    const { presented } = await make('keys-b');
    const { rows } = await databases[0].withTenant('keys-b', (transaction) => sql`select * from api_keys`.execute(transaction));
    expect(JSON.stringify(rows)).toContain(presented.prefix);
    expect(JSON.stringify(rows)).toContain('scrypt$');
    expect(JSON.stringify(rows)).not.toContain(presented.secret);
  });

  it('is refused with another secret, of whichever prefix, by the same words', async () => {
    const [one, other] = [await make('keys-c'), await make('keys-c')];
    const { authenticate } = authenticatorOf(databases[1]);
    await authenticate(one.presented);
    const refusals = await Promise.allSettled([
      authenticate({ ...one.presented, secret: other.presented.secret }),
      authenticate({ prefix: 'catalyst_aaaaaaaaaaaa', secret: one.presented.secret }),
    ]);
    expect(refusals.map((refusal) => (refusal.status === 'rejected' ? String(refusal.reason) : 'let in'))).toEqual(['CatalystError: The API key is not valid.', 'CatalystError: The API key is not valid.']);
  });

  it('is revoked in all processes within a second', async () => {
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { key, presented } = await make('keys-d');
      const { authenticate } = authenticatorOf(databases[1]);
      await authenticate(presented);
      // Anywhere within the time for which the other process trusts what it read.
      await sleep(round * 60);
      await authenticate(presented);
      await registry.revoke('keys-d', key.id);
      const revokedAt = performance.now();
      while (await authenticate(presented).then(() => true, () => false)) await sleep(2);
      waits.push(Math.round(performance.now() - revokedAt));
      await expect(authenticate(presented)).rejects.toThrow('has been revoked');
    }
    console.log(`ms until the other process refused: ${waits.join(', ')}`);
    expect(Math.max(...waits)).toBeLessThan(1_000);
    // Were it never trusted at all, there would be nothing to measure.
    expect(Math.max(...waits)).toBeGreaterThan(20);
  }, 60_000);

  it('that is revoked stays so, and cannot be rotated', async () => {
    const { key } = await make('keys-e');
    const revoked = await registry.revoke('keys-e', key.id);
    expect(revoked).toMatchObject({ state: 'revoked', previous: null });
    expect(await registry.revoke('keys-e', key.id)).toEqual(revoked);
    expect(await registry.rotate('keys-e', key.id, (await makeApiKey()).record, 60)).toBeUndefined();
    expect(await registry.revoke('keys-e', newIdentifier())).toBeUndefined();
  });

  it('that is rotated is accepted as it was for the grace period, and the one before that no longer', async () => {
    const { key, presented: first } = await make('keys-f');
    const { authenticate } = authenticatorOf(databases[1]);
    const rotate = async (graceSeconds: number) => {
      const { token, record } = await makeApiKey();
      const rotated = await registry.rotate('keys-f', key.id, record, graceSeconds);
      return { rotated, presented: readApiKey(token) as PresentedSecret };
    };
    const { rotated, presented: second } = await rotate(1);
    expect(rotated).toMatchObject({ id: key.id, prefix: second.prefix, state: 'active', previous: { prefix: first.prefix } });
    expect((await authenticate(second)).subject).toBe(`key:${key.id}`);
    expect((await authenticate(first)).subject).toBe(`key:${key.id}`);
    await sleep(1_500);
    await expect(authenticate(first)).rejects.toThrow('has expired');
    const { presented: third } = await rotate(60);
    await rotate(0);
    await sleep(450);
    await expect(authenticate(second)).rejects.toThrow('not valid');
    await expect(authenticate(third)).rejects.toThrow('has expired');
  });

  it('ends when it expires, its grace too, or never', async () => {
    const [ending, lasting] = [await make('keys-g', 1), await make('keys-g', null)];
    expect(Date.parse(ending.key.expiresAt ?? '') - Date.now()).toBeGreaterThan(86_000_000);
    expect(lasting.key.expiresAt).toBeNull();
    await databases[0].withTenant('keys-g', (transaction) => sql`update api_keys set expires_at = now() - interval '1 second' where id = ${ending.key.id}`.execute(transaction));
    const { authenticate } = authenticatorOf(databases[1]);
    await expect(authenticate(ending.presented)).rejects.toThrow('has expired');
    expect((await registry.find('keys-g', ending.key.id))?.state).toBe('expired');
    expect((await authenticate(lasting.presented)).tenant).toBe('keys-g');
    const rotated = await registry.rotate('keys-g', ending.key.id, (await makeApiKey()).record, 600);
    expect(rotated).toMatchObject({ state: 'active', previous: null });
    await sleep(450);
    await expect(authenticate(ending.presented)).rejects.toThrow('has expired');
  });

  it('tells its last use, written once a minute however often it is used', async () => {
    const { key, presented } = await make('keys-h');
    expect(key.lastUsedAt).toBeNull();
    const [one, other] = [authenticatorOf(databases[0]), authenticatorOf(databases[1])];
    for (let times = 0; times < 20; times += 1) await one.authenticate(presented);
    await expect.poll(async () => (await registry.find('keys-h', key.id))?.lastUsedAt).toBeTruthy();
    await sleep(450);
    for (let times = 0; times < 20; times += 1) await Promise.all([one.authenticate(presented), other.authenticate(presented)]);
    expect([one.asked.uses, other.asked.uses]).toEqual([1, 0]);
  });
});

describe('the table of API keys', () => {
  it('shows a tenant its own alone', async () => {
    const { key } = await make('keys-i');
    expect((await registry.list('keys-j', undefined, 10)).keys).toEqual([]);
    expect(await registry.find('keys-j', key.id)).toBeUndefined();
    expect(await registry.revoke('keys-j', key.id)).toBeUndefined();
    expect(await registry.rotate('keys-j', key.id, (await makeApiKey()).record, 0)).toBeUndefined();
    await registry.markUsed('keys-j', key.id);
    expect(await registry.find('keys-i', key.id)).toEqual(key);
    const seen = await databases[0].withTenant('keys-j', (transaction) => sql`select * from api_keys`.execute(transaction));
    expect(seen.rows).toEqual([]);
  });

  it('shows without a tenant the row of a named prefix, to read, and leaves nothing behind on the connection', async () => {
    const [{ key, presented }] = [await make('keys-k'), await make('keys-k')];
    const left = await databases[0].withoutTenant((kysely) =>
      kysely.connection().execute(async (connection) => {
        const found = await sql`select * from find_api_key(${presented.prefix})`.execute(connection);
        expect(found.rows).toHaveLength(1);
        expect((await sql`select * from find_api_key('')`.execute(connection)).rows).toEqual([]);
        return (await sql`select * from api_keys`.execute(connection)).rows;
      }),
    );
    expect(left).toEqual([]);
    await databases[0].withoutTenant((kysely) =>
      kysely.transaction().execute(async (transaction) => {
        await sql`select set_config('catalyst.api_key_prefix', ${presented.prefix}, true)`.execute(transaction);
        expect((await sql`select id from api_keys`.execute(transaction)).rows).toEqual([{ id: key.id }]);
        const changed = await sql`update api_keys set scopes = '{keys:write}'`.execute(transaction);
        expect(changed.numAffectedRows).toBe(0n);
      }),
    );
  });

  it('is listed in pages, newest first', async () => {
    const made = [(await make('keys-l')).key.id, (await make('keys-l')).key.id, (await make('keys-l')).key.id];
    const first = await registry.list('keys-l', undefined, 2);
    expect(first.keys.map(({ id }) => id)).toEqual(made.toReversed().slice(0, 2));
    const second = await registry.list('keys-l', first.next ?? '', 2);
    expect([second.keys.map(({ id }) => id), second.next]).toEqual([made.slice(0, 1), null]);
  });
});
