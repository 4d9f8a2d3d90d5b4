import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { FullStack } from '../../support/fullStack.ts';

/** What a stack keeps on disk, in bytes. */
export interface StoreSizes {
  readonly postgres: number;
  /** The largest tables with their indexes. */
  readonly tables: Readonly<Record<string, number>>;
  readonly qdrant: number;
  readonly temporal: number;
  readonly s3: number;
  readonly s3Objects: number;
}

const tablesShown = 8;
const bytesPerBlock = 512;

export async function measureStores(stack: FullStack): Promise<StoreSizes> {
  const folder = (name: string) => join(stack.settings.stateDirectory, name);
  const [registry, qdrant, temporal, objects] = await Promise.all([measurePostgres(stack), sizeOf(folder('qdrant')), sizeOf(folder('temporal')), sizeOf(folder('s3/data'))]);
  return { ...registry, qdrant: qdrant.bytes, temporal: temporal.bytes, s3: objects.bytes, s3Objects: objects.files };
}

async function measurePostgres(stack: FullStack): Promise<Pick<StoreSizes, 'postgres' | 'tables'>> {
  const database = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', poolSize: 1 });
  try {
    return await database.withoutTenant(async (kysely) => {
      const whole = await sql<{ bytes: string }>`select pg_database_size(current_database()) as bytes`.execute(kysely);
      const tables = await sql<{ name: string; bytes: string }>`
        select relname as name, pg_total_relation_size(oid) as bytes from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        order by 2 desc limit ${tablesShown}`.execute(kysely);
      return { postgres: Number(whole.rows[0]?.bytes), tables: Object.fromEntries(tables.rows.map(({ name, bytes }) => [name, Number(bytes)])) };
    });
  } finally {
    await database.close();
  }
}

/** Of files as they are allocated: sparse ones count what they take. Files that vanish meanwhile count nothing. */
async function sizeOf(folder: string): Promise<{ readonly bytes: number; readonly files: number }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let [bytes, files] = [0, 0];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const inside = await sizeOf(path);
      [bytes, files] = [bytes + inside.bytes, files + inside.files];
    } else {
      bytes += ((await stat(path).catch(() => undefined))?.blocks ?? 0) * bytesPerBlock;
      files += 1;
    }
  }
  return { bytes, files };
}
