import type { Prices } from '../../../contracts/estimate.ts';
import type { JobRegistry } from '../../../ports/jobRegistry.ts';
import type { TenantBudgetOptions } from '../usage/tenantBudget.ts';
import type { Database } from '../database.ts';
import { createJobAcceptance } from './jobAcceptance.ts';
import { createJobBudget } from './jobBudget.ts';
import { createJobLife } from './jobLife.ts';
import { createJobReads } from './jobReads.ts';
import { createJobStages } from './jobStages.ts';

export interface JobRegistryOptions {
  /** What spent tokens and credits cost; without them nothing does. */
  readonly prices?: Prices;
  /** Of tenants; none have one without it. */
  readonly tenantBudgets?: TenantBudgetOptions;
}

export const freeOfCharge: Prices = { currency: 'EUR', perMillionTokens: 0, perCredit: 0 };

const noBudgets: TenantBudgetOptions = { budgetOf: () => ({}), emit: () => undefined };

export function createJobRegistry(database: Database, { prices = freeOfCharge, tenantBudgets = noBudgets }: JobRegistryOptions = {}): JobRegistry {
  return {
    ...createJobAcceptance(database),
    ...createJobReads(database, prices),
    ...createJobStages(database),
    ...createJobBudget(database, prices, tenantBudgets),
    ...createJobLife(database, prices),
  };
}
