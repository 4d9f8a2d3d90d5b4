import type { ColumnType, Generated } from 'kysely';
import type { Restore, RestorePart, RestoreReport } from '../../../contracts/backups.ts';
import type { Failure } from '../../../contracts/failure.ts';
import type { FillCursor } from '../../../ports/generationRegistry.ts';
import type { Json } from '../jsonColumn.ts';

interface RestoresTable {
  id: string;
  backup_id: string | null;
  parts: RestorePart[];
  state: Generated<Restore['state']>;
  by: string;
  created_at: Generated<Date>;
  finished_at: Date | null;
  tables: Generated<string[]>;
  cursor: Json<FillCursor> | null;
  report: ColumnType<Partial<RestoreReport>, string | undefined, string>;
  failure: Json<Failure> | null;
}

export interface BackupTables {
  restores: RestoresTable;
}
