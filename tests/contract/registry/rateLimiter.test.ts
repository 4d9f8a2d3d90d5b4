import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createRateLimiter } from '../../../src/adapters/postgres/limits/rateLimiter.ts';
import type { PostgresRateLimiter, PostgresRateLimiterOptions } from '../../../src/adapters/postgres/limits/rateLimiter.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { startTestStack } from '../../../infra/local/testStack.ts';

/** Three pools stand for three processes: they share nothing but the database. */
let databases: Database[];
let close: () => Promise<void>;
const limiters: PostgresRateLimiter[] = [];

beforeAll(async () => {
  const stack = await startTestStack({ services: ['postgres'] });
  const url = stack.environment['DATABASE_URL'] ?? '';
  databases = [1, 2, 3].map(() => openDatabase({ url, poolSize: 4 }));
  await databases[0]?.migrate();
  close = async () => {
    for (const database of databases) await database.close();
    await stack.stop();
  };
}, 600_000);
afterAll(async () => {
  for (const limiter of limiters) limiter.close();
  await close();
});

const never = new AbortController().signal;

function processes(options: PostgresRateLimiterOptions = {}): [PostgresRateLimiter, PostgresRateLimiter, PostgresRateLimiter] {
  const made = databases.map((database) => createRateLimiter(database, options));
  limiters.push(...made);
  return made as [PostgresRateLimiter, PostgresRateLimiter, PostgresRateLimiter];
}

async function codeOf(call: Promise<unknown>): Promise<CatalystError | undefined> {
  return call.then(() => undefined, (error: unknown) => (error instanceof CatalystError ? error : undefined));
}

describe('limits across processes', () => {
  it('never lets more in at once than allowed, and everyone comes in', async () => {
    const limits = [{ key: 'host:a', concurrency: 3 }];
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(20);
      running -= 1;
    };
    await Promise.all(processes({ maximumWaitMs: 20_000 }).flatMap((limiter) => Array.from({ length: 20 }, () => limiter.run(limits, never, work))));
    expect(most).toBe(3);
    expect(running).toBe(0);
  });

  it('spaces starts evenly, whoever asks', async () => {
    const limits = [{ key: 'provider:even', perMinute: 1200 }];
    const starts: number[] = [];
    const begin = performance.now();
    await Promise.all(processes({ maximumWaitMs: 20_000 }).flatMap((limiter) => Array.from({ length: 10 }, () => limiter.run(limits, never, () => Promise.resolve(starts.push(performance.now()))))));
    const times = starts.map((start) => start - begin).sort((left, right) => left - right);
    // 30 starts, 50 ms apart: the last not before 1.45 s, and none is lost to waiting for each other.
    expect(times.at(-1)).toBeGreaterThan(1_430);
    expect(times.at(-1)).toBeLessThan(8_000);
    for (let place = 10; place < times.length; place += 1) expect((times[place] ?? 0) - (times[place - 10] ?? 0)).toBeGreaterThan(200);
  });

  it('holds all limits together, whatever their order, and takes nothing where one has no room', async () => {
    const [one, two] = processes({ maximumWaitMs: 300 });
    const both = [{ key: 'tenant:x', concurrency: 1 }, { key: 'host:x', concurrency: 5 }];
    const begun = Promise.withResolvers<undefined>();
    const released = Promise.withResolvers<undefined>();
    const held = one.run(both, never, () => {
      begun.resolve(undefined);
      return released.promise;
    });
    await begun.promise;
    expect((await codeOf(two.run([...both].reverse(), never, () => Promise.resolve())))?.code).toBe('THROTTLED');
    const slots = await databases[0]?.withoutTenant((kysely) => kysely.selectFrom('limit_slots').select(['key']).where('key', 'in', ['tenant:x', 'host:x']).execute());
    expect(slots).toHaveLength(2);
    released.resolve(undefined);
    await held;
    await two.run([...both].reverse(), never, () => Promise.resolve());
  });

  it('turns away who would wait too long, with the time after which there is room', async () => {
    const [one, two] = processes({ maximumWaitMs: 200 });
    const limits = [{ key: 'provider:slow', perMinute: 6 }];
    await one.run(limits, never, () => Promise.resolve());
    const started = performance.now();
    const error = await codeOf(two.run(limits, never, () => Promise.resolve()));
    expect(error).toMatchObject({ code: 'THROTTLED', message: 'provider:slow has no room now.' });
    expect(error?.retryAfterMs).toBeGreaterThan(9_000);
    expect(error?.retryAfterMs).toBeLessThan(11_100);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('lets nobody begin during a pause, also not who waited for his start already', async () => {
    const [one, two] = processes({ maximumWaitMs: 2_000 });
    const limits = [{ key: 'host:paused', perMinute: 60 }];
    await one.run(limits, never, () => Promise.resolve());
    let began = false;
    const waiting = codeOf(two.run(limits, never, () => Promise.resolve((began = true))));
    await sleep(300);
    await one.pause('host:paused', 60_000);
    await one.pause('host:paused', 10);
    expect(await waiting).toMatchObject({ code: 'THROTTLED' });
    expect(began).toBe(false);
    expect((await codeOf(two.run(limits, never, () => Promise.resolve())))?.retryAfterMs).toBeGreaterThan(50_000);
    await one.run([{ key: 'host:other', perMinute: 60 }], never, () => Promise.resolve());
  });

  it('gives the slots of a process that died to others, and keeps those of long work', async () => {
    const [one, two] = processes({ maximumWaitMs: 1_500, leaseMs: 900 });
    const limits = [{ key: 'host:lease', concurrency: 1 }];
    const working = one.run(limits, never, () => sleep(3_000));
    await sleep(200);
    expect(await codeOf(two.run(limits, never, () => Promise.resolve()))).toMatchObject({ code: 'THROTTLED' });
    await working;
    await databases[0]?.withoutTenant((kysely) => sql`insert into limit_slots (key, holder, expires_at) values ('host:lease', gen_random_uuid(), now() + interval '700 milliseconds')`.execute(kysely));
    await two.run(limits, never, () => Promise.resolve());
  });

  it('gives back what failed work held, and waits no more for who has given up', async () => {
    const [one, two] = processes({ maximumWaitMs: 1_000 });
    const limits = [{ key: 'host:failing', concurrency: 1 }];
    await expect(one.run(limits, never, () => Promise.reject(new CatalystError('FETCH_FAILED', 'no')))).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    const abort = new AbortController();
    let begun = false;
    await two.run(limits, never, async () => {
      const waiting = one.run(limits, abort.signal, () => Promise.resolve((begun = true)));
      setTimeout(() => abort.abort(), 50);
      await expect(waiting).rejects.toThrow(/abort/i);
    });
    expect(begun).toBe(false);
    await one.run(limits, never, () => Promise.resolve());
  });

  it('serves a process in the order of arrival', async () => {
    const [one] = processes({ maximumWaitMs: 5_000 });
    const limits = [{ key: 'host:order', concurrency: 1 }];
    const order: number[] = [];
    await Promise.all([1, 2, 3, 4, 5].map((number) => one.run(limits, never, async () => {
      order.push(number);
      await sleep(10);
    })));
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it('says that the registry is away instead of letting everyone in', async () => {
    const gone = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', poolSize: 1 });
    const limiter = createRateLimiter(gone);
    limiters.push(limiter);
    expect(await codeOf(limiter.run([{ key: 'host:gone', concurrency: 1 }], never, () => Promise.resolve()))).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await gone.close();
  });
});
