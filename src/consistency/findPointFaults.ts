import type { FaultKind } from '../contracts/consistency.ts';
import { differences } from './auditedPoints.ts';
import type { AuditedPoint } from './auditedPoints.ts';

/** What is to be done about a fault of a point: it is written as it should be, or removed. */
export type PointRemedy = { readonly write: AuditedPoint } | { readonly remove: AuditedPoint };

export interface PointFault {
  readonly kind: FaultKind;
  readonly detail: string;
  readonly remedy: PointRemedy;
}

/** Points that the registry does not show, of versions that a request may be writing or taking away at this moment, or that are too young to judge. */
export type IsLeftAlone = (point: AuditedPoint) => boolean;

/**
 * Compares all points that say they are of one document with those that it should have, which are of one version.
 * A point is one of: as it should be; in the place of one and another than it (stale, or foreign where it names another tenant); a second
 * one of a chunk of the version that is shown (duplicated); of another version (stale where searches see it, else orphaned).
 */
export function findPointFaults(expected: readonly AuditedPoint[], actual: readonly AuditedPoint[], isLeftAlone: IsLeftAlone): PointFault[] {
  const wanted = new Map(expected.map((point) => [point.id, point]));
  const ordinals = new Map(expected.map((point) => [point.ordinal, point]));
  const [shown] = expected;
  const seen = new Set<string>();
  const faults: PointFault[] = [];
  for (const point of actual) {
    const right = wanted.get(point.id);
    if (right === undefined) {
      if (!isLeftAlone(point)) faults.push(surplus(point, shown, ordinals));
      continue;
    }
    seen.add(point.id);
    const differing = differences(right, point);
    if (differing.length === 0) continue;
    const kind = point.tenant === right.tenant ? 'stale-point' : 'foreign-point';
    faults.push({ kind, detail: `It differs from what the artifacts say in ${differing.join(', ')}.`, remedy: { write: right } });
  }
  for (const right of expected) {
    if (!seen.has(right.id)) faults.push({ kind: 'missing-point', detail: `The index has no point for chunk ${right.ordinal}.`, remedy: { write: right } });
  }
  return faults;
}

function surplus(point: AuditedPoint, shown: AuditedPoint | undefined, ordinals: ReadonlyMap<number, AuditedPoint>): PointFault {
  const remedy = { remove: point };
  if (shown !== undefined && point.tenant !== shown.tenant) return { kind: 'foreign-point', detail: `It names the tenant ${point.tenant}, whose document this is not.`, remedy };
  if (shown === undefined || point.version !== shown.version) {
    return point.visible
      ? { kind: 'stale-point', detail: `Searches see it, though its version ${point.version} is not the one shown.`, remedy }
      : { kind: 'orphaned-point', detail: `It is left of version ${point.version}, which is not the one shown.`, remedy };
  }
  return ordinals.has(point.ordinal)
    ? { kind: 'duplicated-point', detail: `It is a second point of chunk ${point.ordinal}.`, remedy }
    : { kind: 'orphaned-point', detail: `The version that is shown has no chunk ${point.ordinal} in the index.`, remedy };
}
