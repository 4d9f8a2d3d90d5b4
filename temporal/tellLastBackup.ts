import type { ActivityDependencies } from '../src/activities/dependencies.ts';
import { listBackups } from '../src/backups/catalogue.ts';
import { toCatalystError } from '../src/contracts/errors.ts';

/** So that the age of the last good backup is known to metrics also when this process has made none. Never rejects. */
export async function tellLastBackup({ backups, emit }: Pick<ActivityDependencies, 'backups' | 'emit'>): Promise<void> {
  if (backups === undefined) return;
  try {
    await backups.bucket.prepare();
    const last = (await listBackups(backups.bucket)).find(({ state }) => state === 'finished');
    if (last?.finishedAt != null) emit({ type: 'backup.known', backupId: last.id, finishedAt: last.finishedAt });
  } catch (thrown) {
    const { code, message } = toCatalystError(thrown);
    emit({ type: 'dependency.failed', dependency: 's3', code, detail: `backups cannot be listed: ${message}` });
  }
}
