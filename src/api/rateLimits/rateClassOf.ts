import type { RateClass } from '../../contracts/rateLimits.ts';
import type { Scope } from '../../contracts/scopes.ts';

/** By what a route does: searching and bringing documents in cost most, and are counted apart. */
export function rateClassOf(method: string, scope: Scope): RateClass {
  if (scope.startsWith('search:')) return 'search';
  if (method === 'get') return 'read';
  return scope === 'documents:write' || scope === 'sources:run' ? 'ingest' : 'write';
}
