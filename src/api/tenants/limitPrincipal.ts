import type { Principal } from '../../contracts/principal.ts';
import { isPlatformScope } from '../../contracts/scopes.ts';

/** The principal as its tenant lets it act: scopes that reach over tenants are of the platform's tenant alone, whatever its issuer says. */
export function limitPrincipal(principal: Principal, { platform }: { readonly platform: string | undefined }): Principal {
  const { scopes = [] } = principal;
  if (principal.tenant === platform || !scopes.some(isPlatformScope)) return principal;
  return { ...principal, scopes: scopes.filter((scope) => !isPlatformScope(scope)) };
}
