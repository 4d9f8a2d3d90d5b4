import type { KeepRule } from '../../backups/keep.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { IndexSnapshots } from '../../ports/indexSnapshots.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { RegistryDumper, RestoreRegistry } from '../../ports/registryBackup.ts';
import type { GenerationDependencies } from '../generations/dependencies.ts';

export interface BackupMeans {
  /** Of the product's own artifacts. */
  readonly artifactBucket: ObjectBucket;
  /** Where backups lie. */
  readonly bucket: ObjectBucket;
  readonly dumper: RegistryDumper;
  /** Undefined: none are kept. */
  readonly snapshots: IndexSnapshots | undefined;
  readonly keep: KeepRule;
  /** Of the product, for the manifest. */
  readonly release: string;
}

export interface BackupDependencies extends GenerationDependencies {
  /** Undefined: not configured. */
  readonly backups: BackupMeans | undefined;
  readonly restores: RestoreRegistry;
  readonly emit: EventSink;
}

export function requireBackups({ backups }: Pick<BackupDependencies, 'backups'>): BackupMeans {
  if (backups === undefined) throw new CatalystError('BACKUP_NOT_CONFIGURED', 'This deployment has no backup bucket.');
  return backups;
}
