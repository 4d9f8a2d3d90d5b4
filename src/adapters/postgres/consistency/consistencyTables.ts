import type { Generated } from 'kysely';
import type { ConsistencyReport, FaultKind, FaultOutcome } from '../../../contracts/consistency.ts';
import type { Digest } from '../../../contracts/identifiers.ts';
import type { PageCounts } from '../../../ports/consistencyRegistry.ts';
import type { Json } from '../jsonColumn.ts';

interface ConsistencyAuditsTable {
  tenant: string;
  id: string;
  subject: string;
  dry_run: boolean;
  deep: boolean;
  workflow_id: string;
  state: Generated<'queued' | 'running' | 'finished' | 'failed'>;
  report: Json<ConsistencyReport> | null;
  created_at: Generated<Date>;
  finished_at: Date | null;
}

interface ConsistencyPagesTable {
  tenant: string;
  audit_id: string;
  step: string;
  page: number;
  counts: Json<PageCounts>;
}

interface ConsistencyFaultsTable {
  tenant: string;
  audit_id: string;
  number: Generated<string>;
  kind: FaultKind;
  place: string;
  document_id: string | null;
  version_id: string | null;
  detail: string;
  outcome: FaultOutcome;
}

/** What audits computed of a version from its artifacts, and a copy of its manifest, which nothing else could give back. */
interface VersionSummariesTable {
  tenant: string;
  document_id: string;
  version_id: string;
  made: Digest | null;
  ordinals: number[] | null;
  contents: Digest | null;
  manifest: Buffer | null;
}

interface ArtifactSealsTable {
  tenant: string;
  uri: string;
  seal: string;
  bytes: string;
}

export interface ConsistencyTables {
  consistency_audits: ConsistencyAuditsTable;
  consistency_pages: ConsistencyPagesTable;
  consistency_faults: ConsistencyFaultsTable;
  version_summaries: VersionSummariesTable;
  artifact_seals: ArtifactSealsTable;
}
