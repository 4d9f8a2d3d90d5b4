import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { EmbeddingContract } from '../../../contracts/embedding.ts';
import type { Failure } from '../../../contracts/failure.ts';
import type { GenerationState, IndexDecision, IndexStatistics, ReindexReport } from '../../../contracts/generations.ts';
import type { IndexRecall } from '../../../contracts/recall.ts';
import type { Recut } from '../../../contracts/recut.ts';
import type { FillCursor } from '../../../ports/generationRegistry.ts';

type Json<Value> = ColumnType<Value, string, string>;

interface IndexGenerationsTable {
  id: string;
  state: GenerationState;
  reason: string;
  contract: Json<EmbeddingContract>;
  recut: Json<Recut> | null;
  settings: Json<Record<string, unknown>>;
  follows: Generated<boolean>;
  tenant: string | null;
  excluded: Generated<string[]>;
  takes_back: Generated<string[]>;
  departures: ColumnType<Record<string, string>, string | undefined, string>;
  cursor: Json<FillCursor> | null;
  documents: string | null;
  points: string | null;
  digest: string | null;
  created_at: Generated<Date>;
  served_from: Date | null;
  retired_at: Date | null;
  drop_after: Date | null;
  dropped_at: Date | null;
  failure: Json<Failure> | null;
  recall: Json<IndexRecall> | null;
  tokens: Generated<string>;
  maximum_tokens: string | null;
  filled_documents: Generated<string>;
}

interface IndexChangesTable {
  generation: string;
  tenant: string;
  document_id: string;
  number: Generated<string>;
}

interface IndexRemovalsTable {
  at: Generated<Date>;
  tenant: string | null;
  points: string;
}

interface IndexDecisionsTable {
  id: GeneratedAlways<string>;
  at: Generated<Date>;
  kind: IndexDecision['kind'];
  decision: IndexDecision['decision'];
  because: Json<readonly string[]>;
  by: string;
  generation: string | null;
  tenant: string | null;
  statistics: Json<IndexStatistics> | null;
  still_ms: number | null;
  report: Json<ReindexReport> | null;
}

interface SampledQueriesTable {
  tenant: string;
  id: GeneratedAlways<string>;
  at: Generated<Date>;
  query: string;
  policies: string[];
}

export interface GenerationTables {
  sampled_queries: SampledQueriesTable;
  index_generations: IndexGenerationsTable;
  index_changes: IndexChangesTable;
  index_removals: IndexRemovalsTable;
  index_decisions: IndexDecisionsTable;
}
