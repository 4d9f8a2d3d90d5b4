import type { Principal } from '../../contracts/principal.ts';
import { isPlatformScope } from '../../contracts/scopes.ts';
import type { RerankerName } from '../../contracts/search.ts';
import type { TenantPolicy } from '../../contracts/tenants.ts';

export interface LimitOptions {
  /** The tenant of the operators of the platform. */
  readonly platform: string | undefined;
  /** Name of the model that searches can be reranked by. */
  readonly rerankModel?: string | undefined;
}

/**
 * The principal as its tenant lets it act. Scopes that reach over tenants are of the platform's tenant alone, whatever its issuer says;
 * of labels, tiers and rerankers it has those that the policy of the tenant leaves. The same object where nothing is taken away.
 */
export function limitPrincipal(principal: Principal, policy: TenantPolicy | undefined, { platform, rerankModel }: LimitOptions): Principal {
  const { scopes = [], tenant } = principal;
  const reaches = tenant !== platform && scopes.some(isPlatformScope);
  const [labels, tiers, rerank] = [policy?.labels ?? null, policy?.tiers ?? null, policy?.models.rerank ?? null];
  if (!reaches && labels === null && tiers === null && rerank === null) return principal;
  return {
    ...principal,
    scopes: reaches ? scopes.filter((scope) => !isPlatformScope(scope)) : scopes,
    policies: labels === null ? principal.policies : principal.policies.filter((label) => labels.includes(label)),
    ...(tiers === null && rerank === null ? {} : { limits: { ...(tiers === null ? {} : { tiers }), ...(rerank === null ? {} : { rerankers: rerankersOf(rerank, rerankModel) }) } }),
  };
}

function rerankersOf(allowed: readonly string[], model: string | undefined): RerankerName[] {
  return ['none', ...(allowed.includes('built-in') ? (['built-in'] as const) : []), ...(model !== undefined && allowed.includes(model) ? (['model'] as const) : [])];
}
