import { describe, expect, it } from 'vitest';
import { limitPrincipal } from '../../../../src/api/tenants/limitPrincipal.ts';
import type { Principal } from '../../../../src/contracts/principal.ts';
import { openPolicy, tenantPolicySchema } from '../../../../src/contracts/tenants.ts';

const caller: Principal = { tenant: 'acme', subject: 'ann', roles: [], scopes: ['search:read'], policies: ['legal', 'board'] };
const none = { platform: undefined };

describe('a principal under the policy of its tenant', () => {
  it('is the same object where the policy leaves all', () => {
    for (const policy of [undefined, openPolicy, tenantPolicySchema.parse({ sources: [], quotas: { jobs: 1 } })]) expect(limitPrincipal(caller, policy, none)).toBe(caller);
  });

  it('holds the labels that the policy leaves, and no others', () => {
    expect(limitPrincipal(caller, tenantPolicySchema.parse({ labels: ['legal', 'sales'] }), none).policies).toEqual(['legal']);
    expect(limitPrincipal(caller, tenantPolicySchema.parse({ labels: [] }), none)).toMatchObject({ policies: [], scopes: ['search:read'] });
  });

  it('carries the tiers and the rerankers that are left', () => {
    expect(limitPrincipal(caller, tenantPolicySchema.parse({ tiers: ['summary'] }), none).limits).toEqual({ tiers: ['summary'] });
    const rerankersOf = (rerank: string[], rerankModel?: string) => limitPrincipal(caller, tenantPolicySchema.parse({ models: { rerank } }), { ...none, rerankModel }).limits?.rerankers;
    expect(rerankersOf([])).toEqual(['none']);
    expect(rerankersOf(['built-in', 'mixedbread'], 'mixedbread')).toEqual(['none', 'built-in', 'model']);
    expect(rerankersOf(['mixedbread'], 'another')).toEqual(['none']);
  });
});
