import type { Generated } from 'kysely';
import type { BudgetLevel } from '../../../contracts/quotas.ts';

/** Budgets of a month whose reaching was told of. */
export interface BudgetAlertsTable {
  tenant: string;
  month: string;
  level: BudgetLevel;
  at: Generated<Date>;
}
