import type { Principal } from '../contracts/principal.ts';
import type { SearchFilters } from '../contracts/search.ts';
import { indexFields } from './indexFields.ts';
import type { IndexCondition, IndexFilter } from './indexFilter.ts';
import { narrowing } from './narrowing.ts';

/**
 * What a caller may read: the one place where filters for reads are made. Chunks of the caller's tenant, visible, all of whose
 * policy labels the caller holds, of the tiers that the tenant may use; the caller's own filters and the excluded documents can only narrow that.
 * Throws INVALID_REQUEST for a metadata key that no document can have, and for codes that are none.
 */
export function chunkFilter(principal: Principal, filters: SearchFilters, excludedDocuments: readonly string[] = []): IndexFilter {
  const held = principal.policies;
  const open: IndexCondition = { is_empty: { key: indexFields.policies } };
  return {
    must: [...tenantConditions(principal), ...tierConditions(principal), { key: indexFields.visible, match: { value: true } }, ...(held.length === 0 ? [open] : []), ...narrowing(filters, '/filters')],
    must_not: [
      ...(held.length === 0 ? [] : [{ key: indexFields.policies, match: { except: held } }]),
      ...(excludedDocuments.length === 0 ? [] : [{ key: indexFields.document, match: { any: excludedDocuments } }]),
      ...(filters.not === undefined ? [] : narrowing(filters.not, '/filters/not')),
    ],
  };
}

/** The same, for given points alone. */
export function pointFilter(principal: Principal, ids: readonly string[]): IndexFilter {
  const { must, must_not } = chunkFilter(principal, {});
  return { must: [...must, { has_id: ids }], must_not };
}

/** The texts that term statistics are computed over: a tenant's own, so that no tenant's words weigh in another's ranking. */
export function statisticsFilter(principal: Principal): IndexFilter {
  return { must: tenantConditions(principal), must_not: [] };
}

/** What the policy of the tenant leaves of its passages. */
function tierConditions({ limits }: Principal): IndexCondition[] {
  return limits?.tiers === undefined ? [] : [{ key: indexFields.tier, match: { any: limits.tiers } }];
}

function tenantConditions(principal: Principal): IndexCondition[] {
  return [{ key: indexFields.tenant, match: { value: principal.tenant } }];
}
