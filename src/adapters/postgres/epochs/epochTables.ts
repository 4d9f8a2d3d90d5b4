import type { Generated } from 'kysely';

interface IndexEpochsTable {
  tenant: string;
  epoch: string;
  settings_epoch: Generated<string>;
}

export interface EpochTables {
  index_epochs: IndexEpochsTable;
}
