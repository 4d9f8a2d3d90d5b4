import type { KeepRule } from '../../backups/keep.ts';
import type { IndexSnapshots } from '../../ports/indexSnapshots.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { RegistryDumper } from '../../ports/registryBackup.ts';

export interface BackupMeans {
  /** Of the product's own artifacts. */
  readonly artifactBucket: ObjectBucket;
  /** Where backups lie. */
  readonly bucket: ObjectBucket;
  readonly dumper: RegistryDumper;
  /** Undefined: none are kept. */
  readonly snapshots: IndexSnapshots | undefined;
  readonly keep: KeepRule;
  /** Within so many days one is read through by the schedule; 0: never. */
  readonly verifyDays: number;
  /** Of the product, for the manifest. */
  readonly release: string;
}
