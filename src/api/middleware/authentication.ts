import type { RequestHandler } from 'express';
import type { Principal } from '../../contracts/principal.ts';
import type { Authenticator } from '../authentication/createAuthenticator.ts';
import { contextOf } from '../requestContext.ts';
import type { TenantStandings } from '../tenants/tenantStandings.ts';

/** Lets nobody past without a principal, nor one whose tenant is not served. Mounted on a path prefix, so that no route below can forget it. */
export function createAuthentication(authenticator: Authenticator, standings: Pick<TenantStandings, 'admit'>): RequestHandler {
  return async function authentication(request, _response, next) {
    const context = contextOf(request);
    const authenticate = (): Promise<Principal> => authenticator.authenticate(request.get('authorization'));
    // What is refused for the tenant's sake stands in its audit log by name.
    context.principal = await authenticate();
    context.principal = standings.admit(context.principal);
    context.readmit = async () => standings.admit(await authenticate());
    next();
  };
}
