import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError, toCatalystError } from '../../../contracts/errors.ts';
import { numbersWith } from '../../../contracts/policyRules.ts';
import type { Prices } from '../../../contracts/estimate.ts';
import type { TenantBudget } from '../../../contracts/quotas.ts';
import type { Budget } from '../../../contracts/steering.ts';
import type { JobRegistry } from '../../../ports/jobRegistry.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { readPolicy } from '../tenants/tenantPolicies.ts';
import { checkTenantBudget, markTold } from '../usage/tenantBudget.ts';
import type { TenantBudgetOptions } from '../usage/tenantBudget.ts';
import { costOf } from '../../../contracts/cost.ts';
import { unknownJob } from './jobErrors.ts';

export function createJobBudget(database: Database, prices: Prices, { budgetOf, emit }: TenantBudgetOptions): Pick<JobRegistry, 'spendTokens'> {
  return {
    async spendTokens(tenant, jobId, tokens, embeddings = 0) {
      let budget: TenantBudget = {};
      try {
        const { cost, levels } = await database.withTenant(tenant, async (transaction) => {
          budget = numbersWith(budgetOf(tenant), (await readPolicy(transaction, tenant)).budget);
          await spend(transaction, prices, tenant, jobId, tokens, embeddings);
          return checkTenantBudget(transaction, tenant, budget, prices);
        });
        for (const level of levels) emit({ type: 'budget.reached', tenant, level, cost, currency: prices.currency });
      } catch (thrown) {
        if (toCatalystError(thrown).code === 'TENANT_BUDGET_EXHAUSTED' && (await database.withTenant(tenant, (transaction) => markTold(transaction, tenant, 'hard')))) {
          emit({ type: 'budget.reached', tenant, level: 'hard', cost: budget.hard ?? 0, currency: prices.currency });
        }
        throw thrown;
      }
    },
  };
}

async function spend(transaction: Transaction<Schema>, prices: Prices, tenant: string, jobId: string, tokens: number, embeddings: number): Promise<void> {
  // One statement, so that of several who spend at once each sees what the others took.
  const { rows } = await sql`
    update jobs set spent_tokens = spent_tokens + ${tokens}, spent_embeddings = spent_embeddings + ${embeddings}
    where tenant = ${tenant} and id = ${jobId}
      and (budget->'maximumTokens' is null or spent_tokens + ${tokens} <= (budget->>'maximumTokens')::bigint)
      and (budget->'maximumCost' is null
        or (spent_tokens + ${tokens}) * ${prices.perMillionTokens}::double precision / 1000000 + spent_credits * ${prices.perCredit}::double precision <= (budget->>'maximumCost')::double precision)
    returning id`.execute(transaction);
  if (rows.length > 0) return;
  const job = await transaction.selectFrom('jobs').select(['budget', 'spent_tokens', 'spent_credits']).where('tenant', '=', tenant).where('id', '=', jobId).executeTakeFirst();
  if (job === undefined) throw unknownJob(jobId);
  const spent = { tokens: Number(job.spent_tokens), credits: job.spent_credits };
  throw new CatalystError('BUDGET_EXHAUSTED', `${tokens} more tokens do not fit: ${describeSpending(spent, job.budget ?? {}, prices)}.`);
}

function describeSpending(spent: { readonly tokens: number; readonly credits: number }, budget: Budget, prices: Prices): string {
  const { maximumTokens, maximumCost } = budget;
  return [
    ...(maximumTokens === undefined ? [] : [`${spent.tokens} of ${maximumTokens} tokens are spent`]),
    ...(maximumCost === undefined ? [] : [`${Number(costOf(spent, prices).toFixed(4))} of ${maximumCost} ${prices.currency} are spent`]),
  ].join(', ');
}
