import { readManifest } from '../../backups/manifests.ts';
import type { BackupManifest, RestoreScope } from '../../contracts/backups.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { BackupDependencies } from './dependencies.ts';
import { requireBackups } from './dependencies.ts';

/**
 * Looks whether the backup can be restored here, before anything is changed. Only an empty stack takes all of one. Safe to repeat: a restore that
 * has begun is not refused because of what it has written itself. Throws RESTORE_REFUSED, NOT_FOUND, BACKUP_CORRUPT.
 */
export async function beginRestore(dependencies: BackupDependencies, scope: RestoreScope): Promise<void> {
  const { restores } = dependencies;
  if ((await restores.find(scope.restoreId)) !== undefined) return;
  if (scope.backupId !== null) {
    const manifest = await manifestOf(dependencies, scope);
    await requireFitting(dependencies, manifest);
  }
  if (scope.parts.includes('registry')) await requireEmpty(dependencies);
  await restores.begin(scope);
}

export async function manifestOf(dependencies: BackupDependencies, { backupId }: RestoreScope): Promise<BackupManifest> {
  const manifest = backupId === null ? undefined : await readManifest(requireBackups(dependencies).bucket, backupId);
  if (manifest === undefined) throw new CatalystError('NOT_FOUND', `There is no finished backup ${backupId}.`);
  return manifest;
}

async function requireFitting(dependencies: BackupDependencies, { registry, objects, index, release }: BackupManifest): Promise<void> {
  const { artifactBucket } = requireBackups(dependencies);
  const applied = await dependencies.restores.migrations();
  if (JSON.stringify(applied) !== JSON.stringify(registry.migrations)) {
    const unlike = [...registry.migrations.filter((name) => !applied.includes(name)), ...applied.filter((name) => !registry.migrations.includes(name))];
    throw new CatalystError('RESTORE_REFUSED', `The backup was made by the release ${release}, whose schema differs from this one (${unlike.join(', ')}). Restore with that release, then upgrade.`);
  }
  if (artifactBucket.name !== objects.bucket) throw new CatalystError('RESTORE_REFUSED', `The backup is of the bucket ${objects.bucket}, whose name is in all addresses of artifacts; S3_BUCKET is ${artifactBucket.name}.`);
  const serving = await dependencies.generationIndex.serving();
  const contract = serving === undefined ? undefined : await dependencies.generationIndex.contractOf(serving);
  if (contract === undefined) throw new CatalystError('RESTORE_REFUSED', 'There is no index yet; API and worker make it when they start.');
  if (index.contract !== null && contractFingerprint(index.contract) !== contractFingerprint(contract)) throw new CatalystError('RESTORE_REFUSED', `The vectors of the backup were made by ${index.contract.model}; the index here is for ${contract.model}.`);
}

async function requireEmpty(dependencies: BackupDependencies): Promise<void> {
  const occupied = await requireBackups(dependencies).dumper.occupied();
  if (occupied.length > 0) throw new CatalystError('RESTORE_REFUSED', `The database is not empty: there are rows in ${occupied.join(', ')}. Nothing was changed.`);
  const serving = await dependencies.generationIndex.serving();
  const points = serving === undefined ? 0 : ((await dependencies.generationIndex.statistics(serving))?.points ?? 0);
  if (points > 0) throw new CatalystError('RESTORE_REFUSED', `The index is not empty: ${serving} holds ${points} points. Drop the collection and start API and worker anew. Nothing was changed.`);
}
