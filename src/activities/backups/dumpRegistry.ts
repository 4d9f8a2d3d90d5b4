import { findBackup, writeJson } from '../../backups/catalogue.ts';
import { writeLines } from '../../backups/lineFiles.ts';
import { RowDigest } from '../../backups/rowDigest.ts';
import { begunKey, registryKey, tableKey } from '../../backups/setKeys.ts';
import type { ActivityContext } from '../activityContext.ts';
import { requireBackups } from './dependencies.ts';
import type { BackupDependencies } from './dependencies.ts';

/** `configured` false: there is no backup bucket, and nothing to do. */
export async function beginBackup({ backups }: BackupDependencies, id: string, by: string): Promise<{ readonly configured: boolean }> {
  if (backups === undefined) return { configured: false };
  await backups.bucket.prepare();
  if ((await findBackup(backups.bucket, id)) === undefined) await writeJson(backups.bucket, begunKey(id), { by, startedAt: new Date().toISOString() });
  return { configured: true };
}

/**
 * The rows of all tables, of one moment, each table into a file of its own. A try that was cut off is made anew as a whole: its moment is gone
 * with its transaction.
 */
export async function dumpRegistry(dependencies: BackupDependencies, id: string, context: ActivityContext): Promise<{ readonly rows: number }> {
  const { bucket, dumper } = requireBackups(dependencies);
  const dump = await dumper.dump(async ({ name, columns, lines }) => {
    const digest = new RowDigest();
    const file = await writeLines(bucket, tableKey(id, name), lines, (line) => {
      digest.add(line);
      if (digest.rows % 10_000 === 0) context.progress({ table: name, rows: digest.rows });
    });
    context.progress({ table: name, rows: digest.rows });
    return { name, columns: [...columns], rows: digest.rows, digest: digest.text, file };
  });
  await writeJson(bucket, registryKey(id), dump);
  return { rows: dump.tables.reduce((sum, { rows }) => sum + rows, 0) };
}
