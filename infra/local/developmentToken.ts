import { SignJWT } from 'jose';
import type { Environment } from './processEnvironment.ts';

const validFor = '30 days';

/** A token for the tenant "demo" with every right in it, signed with the stack's own secret. For this machine only. */
export async function signDevelopmentToken(environment: Environment): Promise<string> {
  const secret = new TextEncoder().encode(environment['CATALYST_AUTH_SECRET'] ?? '');
  return new SignJWT({ tenant: 'demo', roles: ['tenant-admin'], policies: [] })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(environment['CATALYST_AUTH_ISSUER'] ?? 'catalyst-development')
    .setAudience(environment['CATALYST_AUTH_AUDIENCE'] ?? 'catalyst')
    .setSubject('developer')
    .setIssuedAt()
    .setExpirationTime(validFor)
    .sign(secret);
}
