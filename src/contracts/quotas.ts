/** What a tenant may hold, and have at work. */
export const holdingNames = ['documents', 'chunks', 'bytes', 'jobs'] as const;
export type HoldingName = (typeof holdingNames)[number];

/** And how many searches it may make a day, by UTC. */
export const quotaNames = [...holdingNames, 'searches'] as const;
export type QuotaName = (typeof quotaNames)[number];

/** Without a number there is no quota. */
export type Quotas = Readonly<Partial<Record<QuotaName, number>>>;

/** Money a calendar month (by UTC), in the currency of the prices: at the soft one somebody is told, beyond the hard one nothing is begun. */
export const budgetLevels = ['soft', 'hard'] as const;
export type BudgetLevel = (typeof budgetLevels)[number];
export type TenantBudget = Readonly<Partial<Record<BudgetLevel, number>>>;
