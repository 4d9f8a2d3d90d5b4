import type { Generated } from 'kysely';

interface AmountColumns {
  tokens: Generated<string>;
  embeddings: Generated<string>;
  bytes: Generated<string>;
  credits: Generated<number>;
  searches: Generated<string>;
  query_tokens: Generated<string>;
  reranks: Generated<string>;
  processor_seconds: Generated<number>;
}

/** Never changed once written. */
interface UsageEntriesTable extends AmountColumns {
  tenant: string;
  id: Generated<string>;
  job_id: string | null;
  at: Generated<Date>;
}

/** Kept by triggers. */
interface UsageSumsTable extends AmountColumns {
  tenant: string;
  day: Date;
  job_id: string;
}

export interface UsageTables {
  usage_entries: UsageEntriesTable;
  usage_sums: UsageSumsTable;
}
