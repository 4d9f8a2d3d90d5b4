import type { Generated } from 'kysely';
import type { DeletionReceipt, DeletionRequest, DeletionStep, Holdings } from '../../../contracts/deletions.ts';
import type { Json } from '../jsonColumn.ts';

interface DeletionsTable {
  tenant: string;
  id: string;
  subject: string;
  request: Json<DeletionRequest>;
  reason: string;
  workflow_id: string;
  state: Generated<'queued' | 'running' | 'finished' | 'failed'>;
  step: DeletionStep | null;
  documents: Generated<number>;
  /** Counts as they are found on the way to the receipt. */
  holdings: Json<{ readonly before?: Partial<Holdings>; readonly after?: Partial<Holdings>; readonly shared?: number; readonly others?: DeletionReceipt['others'] }>;
  receipt: Json<DeletionReceipt> | null;
  created_at: Generated<Date>;
  /** When it was fixed which documents go. */
  begun_at: Date | null;
  unsearchable_at: Date | null;
  finished_at: Date | null;
}

interface DeletionDocumentsTable {
  tenant: string;
  deletion_id: string;
  document_id: string;
  sequence: Generated<string>;
  /** `versionId digest` of each version removed. */
  removed: Json<readonly string[]>;
}

export interface DeletionTables {
  deletions: DeletionsTable;
  deletion_documents: DeletionDocumentsTable;
}
