import type { Transaction } from 'kysely';
import { openPolicy, tenantPolicySchema } from '../../../contracts/tenants.ts';
import type { TenantPolicy } from '../../../contracts/tenants.ts';
import type { TenantPolicies } from '../../../ports/tenantPolicies.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';

export function createTenantPolicies(database: Database): TenantPolicies {
  return { read: (tenant) => database.withTenant(tenant, (transaction) => readPolicy(transaction, tenant)) };
}

/** One row by its key. */
export async function readPolicy(transaction: Transaction<Schema>, tenant: string): Promise<TenantPolicy> {
  const row = await transaction.selectFrom('tenant_accounts').select('policy').where('tenant', '=', tenant).executeTakeFirst();
  return row === undefined ? openPolicy : tenantPolicySchema.parse(row.policy);
}
