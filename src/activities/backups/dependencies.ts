import { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { RestoreRegistry } from '../../ports/registryBackup.ts';
import type { BackupMeans } from './backupMeans.ts';
import type { GenerationDependencies } from '../generations/dependencies.ts';

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
