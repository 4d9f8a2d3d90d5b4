import type { JWTPayload } from 'jose';
import { CatalystError } from '../../contracts/errors.ts';
import { principalSchema } from '../../contracts/principal.ts';
import type { Principal } from '../../contracts/principal.ts';

/** The principal that the claims tenant, sub, roles and policies name; throws UNAUTHENTICATED where they do not. */
export function principalOf(claims: JWTPayload): Principal {
  const parsed = principalSchema.safeParse({ tenant: claims['tenant'], subject: claims.sub, roles: claims['roles'], policies: claims['policies'] });
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? 'tenant');
  throw new CatalystError('UNAUTHENTICATED', `The token's claim "${field === 'subject' ? 'sub' : field}" is missing or malformed.`, { cause: parsed.error });
}
