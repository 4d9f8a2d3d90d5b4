import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack } from '../../../infra/local/testStack.ts';
import type { TestStack } from '../../../infra/local/testStack.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { FaultProxy } from '../../chaos/network/faultProxy.ts';

let stack: TestStack;
let proxy: FaultProxy;
let database: Database;
const longestSilenceMs = 1_000;

beforeAll(async () => {
  stack = await startTestStack({ services: ['postgres'] });
  proxy = await FaultProxy.start({ host: '127.0.0.1', port: stack.settings.ports.postgres });
  const url = new URL(stack.environment['DATABASE_URL'] ?? '');
  url.port = String(proxy.port);
  database = openDatabase({ url: url.href, poolSize: 4, longestSilenceMs });
});

afterAll(async () => {
  await database.close();
  await proxy.close();
  await stack.stop();
});

const ask = (statement = sql`select 1 as answer`) => database.withTenant('acme', (transaction) => statement.execute(transaction));

describe('connections to Postgres', () => {
  it('that are cut fail as an outage, and the next call takes new ones', async () => {
    await ask();
    const cut = ask(sql`select pg_sleep(5)`);
    setTimeout(() => proxy.apply({ kind: 'cut' }), 200);
    await expect(cut).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await expect(ask()).resolves.toBeDefined();
  });

  it('that are forgotten on the way, and never closed, are given up after a while, all of them', async () => {
    await Promise.all([ask(), ask(), ask(), ask()]);
    expect(proxy.connections).toBe(4);
    proxy.apply({ kind: 'forget' });
    const begun = performance.now();
    for (const outcome of await Promise.allSettled([ask(), ask(), ask(), ask()])) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'REGISTRY_UNAVAILABLE' } });
    }
    expect(performance.now() - begun).toBeLessThan(2.5 * longestSilenceMs);
    await expect(Promise.all([ask(), ask(), ask(), ask()])).resolves.toHaveLength(4);
  });
});
