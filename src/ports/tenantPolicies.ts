import type { TenantPolicy } from '../contracts/tenants.ts';

/** What tenants may do, as it is stored at this moment; an open policy where there is none. Throws REGISTRY_UNAVAILABLE. */
export interface TenantPolicies {
  read(tenant: string): Promise<TenantPolicy>;
}
