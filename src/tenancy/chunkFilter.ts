import type { Principal } from '../contracts/principal.ts';
import type { ReadFilters } from '../contracts/search.ts';
import { indexFields } from './indexFields.ts';
import type { IndexCondition, IndexFilter } from './indexFilter.ts';
import { narrowing } from './narrowing.ts';

/**
 * What a caller may read: the one place where filters for reads are made. Chunks of the caller's tenant, visible, all of whose
 * policy labels the caller holds, of the tiers that the tenant may use; the caller's own filters and the excluded documents can only narrow that.
 * As of an earlier time, the chunks that were visible then count instead: tenant, labels and tiers are those of now all the same.
 * Throws INVALID_REQUEST for a metadata key that no document can have, and for codes that are none.
 */
export function chunkFilter(principal: Principal, filters: ReadFilters, excludedDocuments: readonly string[] = []): IndexFilter {
  const held = principal.policies;
  const open: IndexCondition = { is_empty: { key: indexFields.policies } };
  return {
    must: [...tenantConditions(principal), ...tierConditions(principal), ...visibleNow(filters), ...(held.length === 0 ? [open] : []), ...narrowing(filters, '/filters')],
    must_not: [
      ...notVisibleThen(filters.asOf),
      ...(held.length === 0 ? [] : [{ key: indexFields.policies, match: { except: held } }]),
      ...(excludedDocuments.length === 0 ? [] : [{ key: indexFields.document, match: { any: excludedDocuments } }]),
      ...(filters.not === undefined ? [] : narrowing(filters.not, '/filters/not')),
    ],
  };
}

/** The same, for given points alone. */
export function pointFilter(principal: Principal, ids: readonly string[], asOf?: number): IndexFilter {
  const { must, must_not } = chunkFilter(principal, { asOf });
  return { must: [...must, { has_id: ids }], must_not };
}

/** The texts that term statistics are computed over: a tenant's own, so that no tenant's words weigh in another's ranking; as of a time, those of then. */
export function statisticsFilter(principal: Principal, asOf?: number): IndexFilter {
  return { must: tenantConditions(principal), must_not: notVisibleThen(asOf) };
}

const visible: IndexCondition = { key: indexFields.visible, match: { value: true } };

function visibleNow({ asOf }: ReadFilters): IndexCondition[] {
  return asOf === undefined ? [visible] : [];
}

/**
 * What was not visible at a time: shown later, or neither visible now nor hidden after it. Points that do not say since when they are visible
 * are older than all history. One that is being written says nothing and is not visible; one that was erased ends at 0.
 */
function notVisibleThen(asOf: number | undefined): IndexCondition[] {
  if (asOf === undefined) return [];
  const hiddenBy: IndexCondition = { must: [], must_not: [visible, { key: indexFields.visibleUntil, range: { gt: asOf } }] };
  return [{ key: indexFields.visibleFrom, range: { gt: asOf } }, hiddenBy];
}

/** What the policy of the tenant leaves of its passages. */
function tierConditions({ limits }: Principal): IndexCondition[] {
  return limits?.tiers === undefined ? [] : [{ key: indexFields.tier, match: { any: limits.tiers } }];
}

function tenantConditions(principal: Principal): IndexCondition[] {
  return [{ key: indexFields.tenant, match: { value: principal.tenant } }];
}
