import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** Slots that this process holds: renewed while their work runs. */
export interface LimitLeases {
  hold(holder: string): void;
  release(holder: string): Promise<void>;
  close(): void;
}

/** Clocks of keys that nobody used for so long say nothing any more. */
const idleSeconds = 3_600;

export function createLimitLeases(database: Database, leaseMs: number): LimitLeases {
  const held = new Set<string>();
  let renewals = 0;
  const timer = setInterval(() => {
    renewals += 1;
    // A renewal that fails is made good by the next; slots that expire meanwhile are given to others.
    void renew().catch(() => undefined);
  }, leaseMs / 3);
  timer.unref();

  async function renew(): Promise<void> {
    if (renewals % 100 === 1) await removeIdle(database);
    if (held.size === 0) return;
    await database.withoutTenant((kysely) =>
      sql`update limit_slots set expires_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}) where holder = any(${[...held]}::uuid[])`.execute(kysely),
    );
  }

  return {
    hold(holder) {
      held.add(holder);
    },
    async release(holder) {
      held.delete(holder);
      // What the work gave stands, even where the slot comes back only when its lease ends.
      await database.withoutTenant((kysely) => kysely.deleteFrom('limit_slots').where('holder', '=', holder).execute()).catch(() => undefined);
    },
    close() {
      clearInterval(timer);
    },
  };
}

async function removeIdle(database: Database): Promise<void> {
  await database.withoutTenant((kysely) =>
    sql`
      delete from limit_clocks where greatest(next_at, paused_until) < now() - make_interval(secs => ${idleSeconds})`.execute(kysely),
  );
  await database.withoutTenant((kysely) => sql`delete from limit_slots where expires_at < now()`.execute(kysely));
}
