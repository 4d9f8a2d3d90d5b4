import { CatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import type { SearchFilters } from '../contracts/search.ts';
import { indexFields } from './indexFields.ts';
import type { DateRange, IndexCondition, IndexFilter, NumberRange } from './indexFilter.ts';
import { metadataTerm } from './metadataTerms.ts';

/**
 * What a caller may read: the one place where filters for reads are made. Chunks of the caller's tenant, visible, all of whose
 * policy labels the caller holds; the caller's own filters and the excluded documents can only narrow that.
 * Throws INVALID_REQUEST for a metadata key that no document can have.
 */
export function chunkFilter(principal: Principal, filters: SearchFilters, excludedDocuments: readonly string[] = []): IndexFilter {
  const held = principal.policies;
  const open: IndexCondition = { is_empty: { key: indexFields.policies } };
  return {
    must: [...tenantConditions(principal), { key: indexFields.visible, match: { value: true } }, ...(held.length === 0 ? [open] : []), ...narrowing(filters)],
    must_not: [
      ...(held.length === 0 ? [] : [{ key: indexFields.policies, match: { except: held } }]),
      ...(excludedDocuments.length === 0 ? [] : [{ key: indexFields.document, match: { any: excludedDocuments } }]),
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

function tenantConditions(principal: Principal): IndexCondition[] {
  return [{ key: indexFields.tenant, match: { value: principal.tenant } }];
}

function narrowing(filters: SearchFilters): IndexCondition[] {
  const conditions: IndexCondition[] = [];
  if (filters.tags !== undefined) conditions.push({ key: indexFields.tags, match: { any: filters.tags } });
  if (filters.documents !== undefined) conditions.push({ key: indexFields.document, match: { any: filters.documents } });
  if (filters.tiers !== undefined) conditions.push({ key: indexFields.tier, match: { any: filters.tiers } });
  if (filters.source?.type !== undefined) conditions.push({ key: indexFields.sourceType, match: { value: filters.source.type } });
  if (filters.source?.location !== undefined) conditions.push({ key: indexFields.sourceLocation, match: { value: filters.source.location } });
  if (filters.ingestedAt !== undefined) conditions.push({ key: indexFields.ingestedAt, range: dateRange(filters.ingestedAt) });
  for (const [key, wanted] of Object.entries(filters.metadata ?? {})) conditions.push(metadataCondition(key, wanted));
  return conditions;
}

function dateRange(range: NonNullable<SearchFilters['ingestedAt']>): DateRange {
  return { ...(range.from === undefined ? {} : { gte: range.from }), ...(range.to === undefined ? {} : { lte: range.to }) };
}

type Wanted = NonNullable<SearchFilters['metadata']>[string];

function metadataCondition(key: string, wanted: Wanted): IndexCondition {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(key)) {
    const detail = 'not a metadata key: a letter, then letters, digits, "_" or "-"';
    throw new CatalystError('INVALID_REQUEST', `The filter names the metadata key ${JSON.stringify(key)}, which no document can have.`, {
      problems: [{ pointer: `/filters/metadata/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, code: 'invalid_key', detail }],
    });
  }
  if (Array.isArray(wanted)) return { key: indexFields.metadataTerms, match: { any: wanted.map((value) => metadataTerm(key, value)) } };
  if (typeof wanted === 'object') return { key: `${indexFields.metadata}.${key}`, range: numberRange(wanted) };
  return { key: indexFields.metadataTerms, match: { value: metadataTerm(key, wanted) } };
}

function numberRange(range: Exclude<Wanted, string | number | boolean | string[]>): NumberRange {
  return Object.fromEntries(Object.entries(range).filter(([, bound]) => bound !== undefined));
}
