import { z } from 'zod';
import { isPlatformScope, scopes } from './scopes.ts';
import type { Scope } from './scopes.ts';

export interface RoleDescription {
  readonly description: string;
  readonly scopes: readonly Scope[];
}

const reader = ['search:read', 'documents:read'] as const satisfies readonly Scope[];
const contributor = [...reader, 'documents:write', 'jobs:read', 'jobs:write', 'sources:read'] as const satisfies readonly Scope[];
const curator = [...contributor, 'documents:delete', 'documents:label', 'sources:write', 'sources:run', 'settings:read', 'settings:write', 'search:debug', 'retention:read'] as const satisfies readonly Scope[];

/** Each role is a set of scopes, always within the tenant of its holder; only scopes over tenants and the index reach further. */
export const roleTable = {
  reader: { description: 'Finds and reads.', scopes: reader },
  contributor: { description: 'Brings documents in and watches over their ingestion.', scopes: contributor },
  curator: { description: 'Decides what is in the index and how it is found: deletes, keeps sources, sets synonyms.', scopes: curator },
  operator: { description: 'Keeps the work going without searching or reading the library: steers jobs, runs sources, sweeps, audits.', scopes: ['jobs:read', 'jobs:write', 'sources:read', 'sources:run', 'settings:read', 'retention:read', 'retention:write', 'consistency:read', 'consistency:write', 'usage:read'] },
  'tenant-admin': { description: 'May do everything in the tenant, API keys included.', scopes: scopes.filter((scope) => !isPlatformScope(scope)) },
  'platform-admin': { description: 'Also creates, limits, suspends, exports and deletes tenants, changes the index as a whole, makes and restores backups, and decrypts payloads of workflows, where it is of the tenant of the platform.', scopes },
} as const satisfies Record<string, RoleDescription>;

export type Role = keyof typeof roleTable;

export const roles = Object.keys(roleTable) as [Role, ...Role[]];

export const roleSchema = z.enum(roles);

export function isRole(text: string): text is Role {
  return Object.hasOwn(roleTable, text);
}

/** All that the named roles may do; names that are no role of the product give nothing. */
export function scopesOfRoles(names: readonly string[]): Scope[] {
  const held = new Set<Scope>(names.filter(isRole).flatMap((role): readonly Scope[] => roleTable[role].scopes));
  return scopes.filter((scope) => held.has(scope));
}
