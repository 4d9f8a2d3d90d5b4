import { indexFields } from './indexFields.ts';
import type { IndexCondition, IndexFilter } from './indexFilter.ts';

/** A version of a document, as writes name it. */
export interface DocumentVersion {
  readonly documentId: string;
  readonly versionId: string;
}

/** A version by its place in the order of acceptance. */
export interface DocumentSequence {
  readonly documentId: string;
  readonly sequence: number;
}

/** Points of exactly these versions, shown or not: for writes. */
export function versionFilter(tenant: string, versions: readonly DocumentVersion[]): IndexFilter {
  return {
    must: [...documentsOf(tenant, versions), { key: indexFields.version, match: { any: versions.map(({ versionId }) => versionId) } }],
    must_not: [],
  };
}

/** The same, without points that searches as of an earlier time find. */
export function unkeptVersionFilter(tenant: string, versions: readonly DocumentVersion[]): IndexFilter {
  const { must } = versionFilter(tenant, versions);
  return { must, must_not: [isKept] };
}

/** A version with the passages that it came with (`recut`: null), or with those of a recut. */
export interface DocumentCut {
  readonly versionId: string;
  readonly recut: string | null;
}

/** Points of these documents but those of the versions named, each as it is cut: for what is to hold these alone. */
export function otherCutsFilter(tenant: string, documentIds: readonly string[], versions: readonly DocumentCut[]): IndexFilter {
  const kept = [...Map.groupBy(versions, ({ recut }) => recut)].map(([recut, own]): IndexCondition => ({
    must: [{ key: indexFields.version, match: { any: own.map(({ versionId }) => versionId) } }, recut === null ? { is_empty: { key: indexFields.recut } } : { key: indexFields.recut, match: { value: recut } }],
    must_not: [],
  }));
  return { must: documentsOf(tenant, documentIds.map((documentId) => ({ documentId }))), must_not: kept };
}

/** Points of each document's versions accepted before the one named: what a switch to it replaces. */
export function earlierVersionsFilter(tenant: string, versions: readonly DocumentSequence[]): IndexFilter {
  const documents = new Map<number, string[]>();
  for (const { documentId, sequence } of versions) documents.set(sequence, [...(documents.get(sequence) ?? []), documentId]);
  return {
    must: documentsOf(tenant, versions),
    must_not: [],
    should: [...documents].map(([sequence, ids]) => ({
      must: [{ key: indexFields.document, match: { any: ids } }, { key: indexFields.sequence, range: { lt: sequence } }],
    })),
  };
}

/** The same, without points that searches as of an earlier time find. */
export function unkeptEarlierVersionsFilter(tenant: string, versions: readonly DocumentSequence[]): IndexFilter {
  return { ...earlierVersionsFilter(tenant, versions), must_not: [isKept] };
}

/** Points of each document up to and with the sequence named: what a deletion takes. */
export function documentsUpToFilter(tenant: string, documents: readonly DocumentSequence[]): IndexFilter {
  return earlierVersionsFilter(tenant, documents.map(({ documentId, sequence }) => ({ documentId, sequence: sequence + 1 })));
}

/** All points of a tenant, shown or not: what its deletion takes. */
export function tenantFilter(tenant: string): IndexFilter {
  return { must: [{ key: indexFields.tenant, match: { value: tenant } }], must_not: [] };
}

/** Was shown until a time; whatever else is hidden is being written, or being erased. */
export const isKept: IndexCondition = { key: indexFields.visibleUntil, range: { gt: 0 } };

function documentsOf(tenant: string, versions: readonly { readonly documentId: string }[]): IndexCondition[] {
  return [
    { key: indexFields.tenant, match: { value: tenant } },
    { key: indexFields.document, match: { any: [...new Set(versions.map(({ documentId }) => documentId))] } },
  ];
}
