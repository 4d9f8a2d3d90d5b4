import type { ActivityDependencies } from '../src/activities/dependencies.ts';
import { listBackups } from '../src/backups/catalogue.ts';
import { toCatalystError } from '../src/contracts/errors.ts';

/** So that the age of the last good backup is known to metrics also when this process has made none. Never rejects. */
export async function tellLastBackup({ backups, emit }: Pick<ActivityDependencies, 'backups' | 'emit'>): Promise<void> {
  if (backups === undefined) return;
  try {
    await backups.bucket.prepare();
    const known = await listBackups(backups.bucket);
    const last = known.find(({ state }) => state === 'finished');
    const deep = known.flatMap(({ verification }) => (verification?.deep === true && verification.problems === 0 ? [verification.at] : []));
    if (last?.finishedAt != null) emit({ type: 'backup.known', backupId: last.id, finishedAt: last.finishedAt, deeplyVerifiedAt: deep.sort().at(-1) ?? null });
  } catch (thrown) {
    const { code, message } = toCatalystError(thrown);
    emit({ type: 'dependency.failed', dependency: 's3', code, detail: `backups cannot be listed: ${message}` });
  }
}
