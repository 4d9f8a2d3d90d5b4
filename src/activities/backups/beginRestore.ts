import { readManifest } from '../../backups/manifests.ts';
import type { BackupManifest, IndexPart, RestorePart, RestoreScope } from '../../contracts/backups.ts';
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
    await requireFitting(dependencies, manifest, scope.parts);
  }
  if (scope.parts.includes('registry')) await requireEmpty(dependencies);
  await restores.begin(scope);
}

export async function manifestOf(dependencies: BackupDependencies, { backupId }: RestoreScope): Promise<BackupManifest> {
  const manifest = backupId === null ? undefined : await readManifest(requireBackups(dependencies).bucket, backupId);
  if (manifest === undefined) throw new CatalystError('NOT_FOUND', `There is no finished backup ${backupId}.`);
  return manifest;
}

/** As far as the parts ask for it: objects are what they are, whatever the schema and the model. */
async function requireFitting(dependencies: BackupDependencies, { registry, objects, index, release }: BackupManifest, parts: readonly RestorePart[]): Promise<void> {
  if (parts.includes('registry')) requireSchema(await dependencies.restores.migrations(), registry.migrations, release);
  const { artifactBucket } = requireBackups(dependencies);
  if (artifactBucket.name !== objects.bucket) throw new CatalystError('RESTORE_REFUSED', `The backup is of the bucket ${objects.bucket}, whose name is in all addresses of artifacts; S3_BUCKET is ${artifactBucket.name}.`);
  if (parts.includes('index')) await requireModel(dependencies, index);
}

function requireSchema(applied: readonly string[], backedUp: readonly string[], release: string): void {
  if (JSON.stringify(applied) === JSON.stringify(backedUp)) return;
  const unlike = [...backedUp.filter((name) => !applied.includes(name)), ...applied.filter((name) => !backedUp.includes(name))];
  throw new CatalystError('RESTORE_REFUSED', `The backup was made by the release ${release}, whose schema differs from this one (${unlike.join(', ')}). Restore with that release, then upgrade.`);
}

async function requireModel({ generationIndex }: BackupDependencies, index: IndexPart): Promise<void> {
  const serving = await generationIndex.serving();
  const contract = serving === undefined ? undefined : await generationIndex.contractOf(serving);
  if (contract === undefined) throw new CatalystError('RESTORE_REFUSED', 'There is no index yet; API and worker make it when they start.');
  if (index.contract !== null && contractFingerprint(index.contract) !== contractFingerprint(contract)) throw new CatalystError('RESTORE_REFUSED', `The vectors of the backup were made by ${index.contract.model}; the index here is for ${contract.model}.`);
}

/** Of rows, and of the collections that searches read: the shared one and those of single tenants. */
async function requireEmpty(dependencies: BackupDependencies): Promise<void> {
  const occupied = await requireBackups(dependencies).dumper.occupied();
  if (occupied.length > 0) throw new CatalystError('RESTORE_REFUSED', `The database is not empty: there are rows in ${occupied.join(', ')}. Nothing was changed.`);
  const { generationIndex } = dependencies;
  const serving = new Set<string>();
  for (const tenant of [null, ...generationIndex.dedicatedTenants]) {
    const found = await generationIndex.serving(tenant);
    if (found !== undefined) serving.add(found);
  }
  for (const generation of serving) {
    const points = (await generationIndex.statistics(generation))?.points ?? 0;
    if (points > 0) throw new CatalystError('RESTORE_REFUSED', `The index is not empty: ${generation} holds ${points} points. Drop the collection and start API and worker anew. Nothing was changed.`);
  }
}
