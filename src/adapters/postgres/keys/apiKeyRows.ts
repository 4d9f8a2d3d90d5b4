import type { Selectable } from 'kysely';
import type { ApiKey } from '../../../contracts/apiKeys.ts';
import { isScope } from '../../../contracts/scopes.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { PresentedApiKey } from '../../../ports/apiKeyRegistry.ts';
import type { ApiKeysTable } from './apiKeysTable.ts';

type ApiKeyRow = Selectable<ApiKeysTable>;

export function shownKeyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: scopesOf(row),
    policies: [...row.policies],
    state: stateOf(row),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: timeOf(row.expires_at),
    lastUsedAt: timeOf(row.last_used_at),
    rotatedAt: timeOf(row.rotated_at),
    revokedAt: timeOf(row.revoked_at),
    previous: previousOf(row),
  };
}

export function presentedKeyOf(row: ApiKeyRow, prefix: string): PresentedApiKey {
  const isPresent = row.prefix === prefix;
  return {
    tenant: row.tenant,
    id: row.id,
    scopes: scopesOf(row),
    policies: row.policies,
    secret: isPresent ? { prefix, check: row.secret_check, hash: row.secret_hash } : { prefix, check: row.previous_check ?? '', hash: row.previous_hash ?? '' },
    expiresAt: isPresent ? row.expires_at : row.previous_expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

/** A scope that the product no longer has allows nothing. */
function scopesOf({ scopes }: ApiKeyRow): Scope[] {
  return scopes.filter(isScope);
}

function stateOf({ revoked_at: revokedAt, expires_at: expiresAt }: ApiKeyRow): ApiKey['state'] {
  if (revokedAt !== null) return 'revoked';
  return isPast(expiresAt) ? 'expired' : 'active';
}

function previousOf({ previous_prefix: prefix, previous_expires_at: end, revoked_at: revokedAt }: ApiKeyRow): ApiKey['previous'] {
  return prefix === null || end === null || revokedAt !== null || isPast(end) ? null : { prefix, validUntil: end.toISOString() };
}

const isPast = (time: Date | null): boolean => time !== null && time.getTime() <= Date.now();
const timeOf = (time: Date | null): string | null => time?.toISOString() ?? null;
