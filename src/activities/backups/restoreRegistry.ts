import { countDeletions } from '../../backups/deletionJournal.ts';
import { readLines } from '../../backups/lineFiles.ts';
import type { RestoreScope } from '../../contracts/backups.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { ActivityContext } from '../activityContext.ts';
import { manifestOf } from './beginRestore.ts';
import { requireBackups } from './dependencies.ts';
import type { BackupDependencies } from './dependencies.ts';

/** What is in it is started; so its rows come back last, when there is an index to write to. */
const lastTable = 'work_outbox';

/** The rows of all tables, each compared with the backup before it counts. A table that a try before this one has brought back stays. */
export async function restoreRegistry(dependencies: BackupDependencies, scope: RestoreScope, context: ActivityContext): Promise<void> {
  const { bucket } = requireBackups(dependencies);
  const { restores } = dependencies;
  const { registry } = await manifestOf(dependencies, scope);
  for (const group of await restores.inOrder(registry.tables.filter(({ name }) => name !== lastTable))) {
    context.progress(group[0]?.name);
    await restores.restoreTables(scope.restoreId, group, ({ file }) => readLines(bucket, file));
  }
  await restores.setSequences(registry.sequences);
  await restores.report(scope.restoreId, { tables: registry.tables.length, rows: registry.tables.reduce((sum, { rows }) => sum + rows, 0) });
}

/** Work that was not finished goes on, and all caches count as old. */
export async function finishRestore(dependencies: BackupDependencies, scope: RestoreScope): Promise<void> {
  const { restores, emit } = dependencies;
  const { restoreId, backupId, parts } = scope;
  if (parts.includes('registry')) {
    const { bucket } = requireBackups(dependencies);
    const { registry } = await manifestOf(dependencies, scope);
    await restores.restoreTables(restoreId, registry.tables.filter(({ name }) => name === lastTable), ({ file }) => readLines(bucket, file));
    await restores.report(restoreId, { resumed: await restores.resume(restoreId), deletedSince: await countDeletions(bucket, registry.snapshotAt) });
  }
  await restores.finish(restoreId);
  const done = await restores.find(restoreId);
  if (done === undefined) return;
  const { rows, objects, points, expectedPoints, lostDocuments } = done.report;
  emit({ type: 'restore.finished', restoreId, backupId, rows, objects, points, expectedPoints, lostDocuments, seconds: (Date.now() - Date.parse(done.startedAt)) / 1000 });
}

export async function failRestore({ restores, emit }: BackupDependencies, scope: RestoreScope, failure: Failure): Promise<void> {
  await restores.fail(scope, failure);
  emit({ type: 'restore.failed', restoreId: scope.restoreId, code: failure.code, detail: failure.message });
}
