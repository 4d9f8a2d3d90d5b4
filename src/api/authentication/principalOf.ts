import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { principalSchema } from '../../contracts/principal.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { Role } from '../../contracts/roles.ts';
import { grantedScopes, scopeClaimSchema } from './grantedScopes.ts';

/** Issuers disagree about the name of the claim; where several are there, `scope` is the one. */
const scopeClaims = ['scope', 'scp', 'scopes'] as const;

const claimsSchema = z.object({
  tenant: principalSchema.shape.tenant,
  sub: principalSchema.shape.subject,
  roles: principalSchema.shape.roles,
  policies: principalSchema.shape.policies,
  scope: scopeClaimSchema.optional(),
  scp: scopeClaimSchema.optional(),
  scopes: scopeClaimSchema.optional(),
});

/** The principal that the claims tenant, sub, roles, scope and policies name; throws UNAUTHENTICATED where they do not. */
export function principalOf(claims: JWTPayload, defaultRole: Role | undefined): Principal {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'tenant');
    throw new CatalystError('UNAUTHENTICATED', `The token's claim "${field}" is missing or malformed.`, { cause: parsed.error });
  }
  const { tenant, sub: subject, roles, policies, ...rest } = parsed.data;
  const claimed = scopeClaims.map((name) => rest[name]).find((words) => words !== undefined) ?? [];
  return { tenant, subject, roles, scopes: grantedScopes(roles, claimed, defaultRole), policies };
}
