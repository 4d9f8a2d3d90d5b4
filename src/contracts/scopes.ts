import { z } from 'zod';

/** What a caller may do, as `resource:verb`. Every route below /v1 declares the one that it needs. */
export const scopeTable = {
  'search:read': 'Search, with suggestions and spelling.',
  'search:debug': 'Search with settings of one’s own, and see how an answer came about.',
  'documents:read': 'See documents, their history and their artifacts, and deletions with their receipts.',
  'documents:write': 'Upload files, estimate, ingest.',
  'documents:delete': 'Delete documents, in whichever way.',
  'documents:label': 'Change who may see documents: their policy labels.',
  'jobs:read': 'Watch jobs and see dead letters.',
  'jobs:write': 'Pause, resume, approve, cancel and retry jobs; replay dead letters.',
  'sources:read': 'See registered sources and their schedules.',
  'sources:write': 'Register, change and remove sources.',
  'sources:run': 'Read a registered source now, make up for missed runs, pause and resume its schedule.',
  'settings:read': 'See the settings of search, such as synonyms.',
  'settings:write': 'Change the settings of search.',
  'retention:read': 'See how long what is no longer needed is kept, and sweeps.',
  'retention:write': 'Change retention; sweep.',
  'consistency:read': 'See audits of registry, artifacts and index, and what they found.',
  'consistency:write': 'Audit registry, artifacts and index, and have mended what is found.',
  'usage:read': 'See what the tenant used, and what it cost.',
  'keys:read': 'See the API keys of the tenant (never their secrets).',
  'keys:write': 'Create, rotate and revoke API keys.',
  'audit:read': 'See who did what in the tenant.',
  'vault:reveal': 'Bring back personal data that was redacted, of documents that the caller may see.',
  'payloads:decode': 'Decrypt what Temporal holds of the work of all tenants, for the Temporal Web UI; of the platform’s tenant alone.',
  'tenants:read': 'See tenants other than one’s own; of the platform’s tenant alone.',
  'tenants:write': 'Create, limit, suspend and delete tenants; of the platform’s tenant alone.',
  'tenants:export': 'Export all documents of any tenant, whatever their labels; of the platform’s tenant alone.',
  'index:read': 'See the index as a whole: its generations, of all tenants together; of the platform’s tenant alone.',
  'index:write': 'Change the index as a whole: make it anew, roll it back; of the platform’s tenant alone.',
  'backup:read': 'See backups and restores, which hold what all tenants have; of the platform’s tenant alone.',
  'backup:write': 'Make and verify backups, and restore one; of the platform’s tenant alone.',
  'schedules:read': 'See what the product does by itself at its times; of the platform’s tenant alone.',
  'schedules:write': 'Run, pause and set back what the product does by itself; of the platform’s tenant alone.',
} as const satisfies Record<`${string}:${string}`, string>;

export type Scope = keyof typeof scopeTable;

/** Those that reach beyond one tenant: they count for callers of the tenant of the platform alone. */
export function isPlatformScope(scope: Scope): boolean {
  return scope.startsWith('tenants:') || scope.startsWith('index:') || scope.startsWith('backup:') || scope.startsWith('schedules:') || scope === 'payloads:decode';
}

/** In the order of the table. */
export const scopes = Object.keys(scopeTable) as [Scope, ...Scope[]];

export const scopeSchema = z.enum(scopes).meta({ id: 'Scope', description: 'What may be done, as `resource:verb`.' });

export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopeTable, text);
}
