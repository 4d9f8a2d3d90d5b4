import type { Generated } from 'kysely';
import type { RetentionChange, SweepReport } from '../../../contracts/sweeps.ts';
import type { ObjectVerdict } from '../../../ports/sweepRegistry.ts';
import type { Json } from '../jsonColumn.ts';

interface SweepsTable {
  tenant: string;
  id: string;
  subject: string;
  dry_run: boolean;
  workflow_id: string;
  state: Generated<'queued' | 'running' | 'finished' | 'failed'>;
  report: Json<SweepReport> | null;
  created_at: Generated<Date>;
  finished_at: Date | null;
}

interface SweepPagesTable {
  tenant: string;
  sweep_id: string;
  page: number;
  /** What was condemned of the page, for a try that was cut off before it was removed. */
  condemned: Json<readonly ObjectVerdict[]> | null;
  report: Json<SweepReport> | null;
}

interface RetentionPoliciesTable {
  tenant: string;
  /** What the tenant chose; the rest goes by its default. */
  policy: Json<RetentionChange>;
  updated_at: Generated<Date>;
  /** Since when all that was replaced is still found as of then; null: nothing is kept. */
  history_since: Date | null;
}

export interface SweepTables {
  sweeps: SweepsTable;
  sweep_pages: SweepPagesTable;
  retention_policies: RetentionPoliciesTable;
}
