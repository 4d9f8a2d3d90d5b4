import type { UsageAmounts } from '../contracts/usage.ts';
import type { usageGroupings } from '../contracts/usage.ts';

/** Days, both included, by UTC. */
export interface UsageSpan {
  readonly from: string;
  readonly to: string;
}

export interface UsageEntry extends UsageAmounts {
  readonly day: string | null;
  readonly jobId: string | null;
}

export interface UsagePage {
  readonly totals: UsageAmounts;
  readonly entries: readonly UsageEntry[];
  readonly next: string | null;
}

/** What each tenant used. Entries are only ever added; those of ingestion are written by the very transactions that change the account of a job. */
export interface UsageLedger {
  /** Adds what belongs to no job; the same entry (by its id) again changes nothing. */
  add(tenant: string, entryId: string, amounts: Partial<UsageAmounts>): Promise<void>;
  /** By day, the first first; or by job, the newest first and what belongs to none last. */
  read(tenant: string, span: UsageSpan, by: (typeof usageGroupings)[number], cursor: string | undefined, limit: number): Promise<UsagePage>;
}
