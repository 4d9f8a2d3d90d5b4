import type { HoldingName } from '../contracts/quotas.ts';
import type { UsageAmounts } from '../contracts/usage.ts';

/** What a tenant holds now, as far as quotas ask for it. */
export interface TenantAccount {
  /** Visible documents and their chunks, bytes of their contents, and jobs that are not finished. */
  readHoldings(tenant: string, names: readonly HoldingName[]): Promise<Readonly<Partial<Record<HoldingName, number>>>>;
  /** Of the calendar month by UTC. */
  readMonth(tenant: string): Promise<UsageAmounts>;
}
