import type { QuotaName } from '../contracts/quotas.ts';
import type { UsageAmounts } from '../contracts/usage.ts';

/** What a tenant holds now, as far as quotas ask for it. */
export interface TenantAccount {
  /** Visible documents and their chunks, bytes of their contents, and jobs that are not finished. */
  readHoldings(tenant: string, names: readonly QuotaName[]): Promise<Readonly<Partial<Record<QuotaName, number>>>>;
  /** Of the calendar month by UTC. */
  readMonth(tenant: string): Promise<UsageAmounts>;
}
