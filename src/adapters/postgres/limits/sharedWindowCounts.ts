import { sql } from 'kysely';
import type { SharedWindowCounts } from '../../../ports/windowCounts.ts';
import type { Database } from '../database.ts';

/** Counts of minutes may be lost with the database's memory; those of days may not. */
export type CountsTable = 'rate_counts' | 'day_counts';

/** One statement an exchange; what earlier windows counted goes with the first of a new one. */
export function createSharedWindowCounts(database: Database, name: CountsTable = 'rate_counts'): SharedWindowCounts {
  const table = sql.table(name);
  let cleaned = 0;
  return {
    async add(window, taken) {
      // In one order, so that two processes cannot block each other.
      const entries = [...taken].sort(([left], [right]) => (left < right ? -1 : 1));
      return database.withoutTenant(async (kysely) => {
        const { rows } = await sql<{ key: string; points: string }>`
          insert into ${table} as counts (key, "window", points)
          select key, ${window}::bigint, points from unnest(${entries.map(([key]) => key)}::text[], ${entries.map(([, points]) => points)}::bigint[]) as taken (key, points)
          on conflict (key, "window") do update set points = counts.points + excluded.points
          returning key, points`.execute(kysely);
        if (window > cleaned) await sql`delete from ${table} where "window" < ${window - 1}::bigint`.execute(kysely);
        cleaned = window;
        return new Map(rows.map(({ key, points }) => [key, Number(points)]));
      });
    },
  };
}
