import { costOfUsage } from '../../contracts/cost.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { modelProblems, numbersWith, requireAllowed } from '../../contracts/policyRules.ts';
import type { Prices } from '../../contracts/estimate.ts';
import type { EventSink } from '../../contracts/events.ts';
import { holdingNames } from '../../contracts/quotas.ts';
import type { HoldingName, QuotaName, Quotas, TenantBudget } from '../../contracts/quotas.ts';
import type { TenantPolicy } from '../../contracts/tenants.ts';
import type { TenantAccount } from '../../ports/tenantAccount.ts';

/** What is asked for, on top of what there is. Documents that replace others are taken for new ones. */
export interface WantedWork {
  readonly documents: number;
  /** As far as it is known. */
  readonly bytes: number;
  readonly jobs: number;
}

/** Lets new work in. Throws TENANT_POLICY, QUOTA_EXCEEDED, TENANT_BUDGET_EXHAUSTED and the registry's outage. */
export type AdmitWork = (tenant: string, wanted: WantedWork) => Promise<void>;

export interface AdmissionDependencies {
  readonly account: TenantAccount;
  /** In force at this moment; its numbers go before those of the operator. */
  readonly policyOf: (tenant: string) => TenantPolicy;
  readonly quotasOf: (tenant: string) => Quotas;
  readonly budgetOf: (tenant: string) => TenantBudget;
  /** Name of the model that documents of the tenant are embedded by at this moment. */
  readonly embeddingModelOf: (tenant: string) => Promise<string>;
  readonly prices: Prices;
  readonly emit: EventSink;
}

/** Reads what the tenant holds only where it has a quota or budget: without any, nothing is asked. */
export function createAdmitWork({ account, policyOf, quotasOf, budgetOf, embeddingModelOf, prices, emit }: AdmissionDependencies): AdmitWork {
  return async function admitWork(tenant, wanted) {
    const policy = policyOf(tenant);
    // Where every model is allowed, nobody has to be asked which one it is.
    if (policy.models.embedding !== null) requireAllowed(modelProblems(policy, 'embedding', await embeddingModelOf(tenant), ''));
    await refuseSpent(tenant, numbersWith(budgetOf(tenant), policy.budget));
    const quotas = numbersWith<QuotaName>(quotasOf(tenant), policy.quotas);
    // Chunks are known only once they are made: a tenant that holds as many as it may gets no more work.
    const asked: Readonly<Record<HoldingName, number>> = { ...wanted, chunks: 1 };
    const names = holdingNames.filter((name) => quotas[name] !== undefined && asked[name] > 0);
    if (names.length === 0) return;
    const held = await account.readHoldings(tenant, names);
    for (const name of names) {
      const [has, may] = [held[name] ?? 0, quotas[name] ?? 0];
      if (has + asked[name] <= may) continue;
      emit({ type: 'quota.exceeded', tenant, quota: name });
      throw new CatalystError('QUOTA_EXCEEDED', `The tenant has ${has} ${what[name]} and may have ${may}${name === 'chunks' ? '' : `; ${asked[name]} more do not fit`}.`);
    }
  };

  async function refuseSpent(tenant: string, { hard }: TenantBudget): Promise<void> {
    if (hard === undefined) return;
    const cost = costOfUsage(await account.readMonth(tenant), prices);
    if (cost >= hard) throw new CatalystError('TENANT_BUDGET_EXHAUSTED', `${Number(cost.toFixed(4))} of ${hard} ${prices.currency} are spent this month.`);
  }
}

const what: Readonly<Record<HoldingName, string>> = { documents: 'documents', chunks: 'chunks', bytes: 'bytes of documents', jobs: 'unfinished jobs' };
