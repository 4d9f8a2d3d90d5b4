import { SignJWT } from 'jose';
import type { Environment } from './processEnvironment.ts';

const validFor = '30 days';

/** A token for the tenant "demo" with every right in it, signed with the stack's own secret. For this machine only. */
export function signDevelopmentToken(environment: Environment): Promise<string> {
  return sign(environment, { tenant: 'demo', roles: ['tenant-admin'], policies: [] }, 'developer', validFor);
}

/** A token that decrypts payloads of workflows and does nothing else, for the minute in which it is used. */
export function signOperatorToken(environment: Environment): Promise<string> {
  return sign(environment, { tenant: environment['CATALYST_PLATFORM_TENANT'] ?? '', scopes: ['payloads:decode'] }, 'temporal-web-ui', '1 minute');
}

async function sign(environment: Environment, claims: Readonly<Record<string, unknown>>, subject: string, expiry: string): Promise<string> {
  const secret = new TextEncoder().encode(environment['CATALYST_AUTH_SECRET'] ?? '');
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(environment['CATALYST_AUTH_ISSUER'] ?? 'catalyst-development')
    .setAudience(environment['CATALYST_AUTH_AUDIENCE'] ?? 'catalyst')
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(expiry)
    .sign(secret);
}
