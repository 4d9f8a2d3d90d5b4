import type { Transaction } from 'kysely';
import { costOfUsage } from '../../../contracts/cost.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Prices } from '../../../contracts/estimate.ts';
import type { EventSink } from '../../../contracts/events.ts';
import type { BudgetLevel, TenantBudget } from '../../../contracts/quotas.ts';
import type { Schema } from '../schema.ts';
import { readMonth } from './monthUsage.ts';

export interface TenantBudgetOptions {
  /** Where the policy of the tenant has no number of its own; without a number there is none. */
  readonly budgetOf: (tenant: string) => TenantBudget;
  readonly emit: EventSink;
}

/** Levels of the budget that a transaction reached first, to be told once it is committed. */
export interface ReachedBudgets {
  readonly cost: number;
  readonly levels: readonly BudgetLevel[];
}

/**
 * Looks, after the transaction has counted what it spends, whether the month's budget still holds. Throws TENANT_BUDGET_EXHAUSTED, whereupon
 * nothing was counted. Of several jobs that spend at once each sees what the others committed: the budget can be passed by a call of each.
 */
export async function checkTenantBudget(transaction: Transaction<Schema>, tenant: string, { soft, hard }: TenantBudget, prices: Prices): Promise<ReachedBudgets> {
  if (soft === undefined && hard === undefined) return { cost: 0, levels: [] };
  const cost = costOfUsage(await readMonth(transaction, tenant), prices);
  if (hard !== undefined && cost > hard) throw new CatalystError('TENANT_BUDGET_EXHAUSTED', `The next call does not fit: the budget of the tenant is ${hard} ${prices.currency} a month.`);
  return { cost, levels: soft !== undefined && cost >= soft && (await markTold(transaction, tenant, 'soft')) ? ['soft'] : [] };
}

/** True for the first of all processes in this month. */
export async function markTold(transaction: Transaction<Schema>, tenant: string, level: BudgetLevel): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('budget_alerts')
    .values({ tenant, month: new Date().toISOString().slice(0, 7), level })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
