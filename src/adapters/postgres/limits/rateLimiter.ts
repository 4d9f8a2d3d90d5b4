import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { RateLimit, RateLimiter } from '../../../ports/rateLimiter.ts';
import type { Database } from '../database.ts';
import { createLimitLanes } from './limitLanes.ts';
import { createLimitLeases } from './limitLeases.ts';

export interface PostgresRateLimiterOptions {
  /** Who would wait longer gets THROTTLED. */
  readonly maximumWaitMs?: number;
  /** After this, slots of a process that is gone are free again; held ones are renewed three times within it. */
  readonly leaseMs?: number;
}

export interface PostgresRateLimiter extends RateLimiter {
  /** Stops renewing; what still runs gives its slots back when it ends. */
  close(): void;
}

/** What is told to one who only waits for others to finish, whose time nobody knows. */
const waitForOthersMs = 1_000;

/** Limits in Postgres: one statement to enter, one to leave; times are the database's. Callers of one process wait in one line a limit. */
export function createRateLimiter(database: Database, { maximumWaitMs = 3_000, leaseMs = 30_000 }: PostgresRateLimiterOptions = {}): PostgresRateLimiter {
  const lanes = createLimitLanes();
  const leases = createLimitLeases(database, leaseMs);

  const tryToEnter = async (holder: string, limits: readonly RateLimit[], patienceMs: number): Promise<Answer> => {
    const { rows } = await database.withoutTenant((kysely) =>
      sql<Answer>`select blocked, wait_seconds * 1000 as "waitMs" from enter_limits(${holder}, ${JSON.stringify(limits)}, ${leaseMs / 1000}, ${patienceMs / 1000})`.execute(kysely),
    );
    return rows[0] ?? { blocked: null, waitMs: 0 };
  };

  /** Takes the slots and answers how long to wait at one's place; throws THROTTLED. */
  const enter = (holder: string, limits: readonly RateLimit[], signal: AbortSignal): Promise<number> =>
    lanes.inTurn(limits, signal, maximumWaitMs, async (deadline, nextRelease) => {
      for (;;) {
        const patienceMs = Math.max(0, deadline - performance.now());
        const { blocked, waitMs } = await tryToEnter(holder, limits, patienceMs);
        if (blocked === null) return waitMs ?? 0;
        // A start that is too far away comes no nearer by asking again; a slot may be free at any moment.
        const pauseMs = 100 + Math.random() * 150;
        if ((waitMs !== null && waitMs > patienceMs) || patienceMs <= pauseMs) throw throttled(blocked, waitMs);
        await nextRelease(pauseMs);
      }
    });

  return {
    async run(limits, signal, work) {
      signal.throwIfAborted();
      if (limits.length === 0) return work();
      const holder = randomUUID();
      leases.hold(holder);
      try {
        const waitMs = await enter(holder, limits, signal);
        if (waitMs > 0) {
          await sleep(waitMs, undefined, { signal });
          await refusePaused(database, limits);
        }
        return await work();
      } finally {
        await leases.release(holder);
        lanes.announceRelease(limits);
      }
    },

    async pause(key, ms) {
      await database.withoutTenant((kysely) =>
        sql`
          insert into limit_clocks as clock (key, next_at, paused_until) values (${key}, now(), now() + make_interval(secs => ${ms / 1000}))
          on conflict (key) do update set paused_until = greatest(clock.paused_until, excluded.paused_until)`.execute(kysely),
      );
    },

    close: () => leases.close(),
  };
}

/** Whoever waited for his start may find that the other side asked for a pause meanwhile. */
async function refusePaused(database: Database, limits: readonly RateLimit[]): Promise<void> {
  const paused = await database.withoutTenant((kysely) =>
    kysely
      .selectFrom('limit_clocks')
      .select(['key', sql<number>`(extract(epoch from paused_until - clock_timestamp()) * 1000)::double precision`.as('waitMs')])
      .where('key', 'in', limits.map(({ key }) => key))
      .where('paused_until', '>', sql<Date>`clock_timestamp()`)
      .orderBy('paused_until', 'desc')
      .executeTakeFirst(),
  );
  if (paused !== undefined) throw throttled(paused.key, paused.waitMs);
}

interface Answer {
  /** The key in the way; null: entered. */
  readonly blocked: string | null;
  readonly waitMs: number | null;
}

function throttled(key: string, waitMs: number | null): CatalystError {
  // Spread, so that those who were turned away together do not come back together.
  const retryAfterMs = Math.round(Math.max(waitMs ?? 0, waitForOthersMs) + Math.random() * waitForOthersMs);
  return new CatalystError('THROTTLED', `${key} has no room now.`, { retryAfterMs });
}
