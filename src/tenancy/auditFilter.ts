import { indexFields } from './indexFields.ts';
import type { IndexFilter } from './indexFilter.ts';
import { isKept } from './versionFilter.ts';

/**
 * Points that say they are of these documents, whichever tenant they name: for the audit alone, which looks for what names the wrong one.
 * Identifiers of documents are made of their tenant, so that no other tenant's points answer to them.
 */
export function namedDocumentsFilter(documents: readonly string[]): IndexFilter {
  return { must: [{ key: indexFields.document, match: { any: documents } }], must_not: [isKept] };
}

/** Points that name this tenant, seen by searches or not; those of replaced versions that are kept for searches as of an earlier time are looked at by themselves. */
export function namedTenantFilter(tenant: string): IndexFilter {
  return { must: [{ key: indexFields.tenant, match: { value: tenant } }], must_not: [isKept] };
}

/** Points of these documents that are kept for searches as of an earlier time. */
export function keptPointsFilter(tenant: string, documents: readonly string[]): IndexFilter {
  return { must: [{ key: indexFields.tenant, match: { value: tenant } }, { key: indexFields.document, match: { any: documents } }, isKept], must_not: [] };
}

/** These points, as long as they name this tenant and this document. */
export function unchangedPointsFilter(tenant: string, document: string, ids: readonly (string | number)[]): IndexFilter {
  return { must: [{ key: indexFields.tenant, match: { value: tenant } }, { key: indexFields.document, match: { value: document } }, { has_id: ids }], must_not: [] };
}
