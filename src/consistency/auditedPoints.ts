import type { Digest } from '../contracts/identifiers.ts';

/** A point by what tells whether it is right: whose it is, whether it is seen, and digests of the rest. */
export interface AuditedPoint {
  readonly id: string;
  readonly tenant: string;
  readonly document: string;
  readonly version: string;
  readonly sequence: number;
  readonly visible: boolean;
  readonly policies: readonly string[];
  readonly ordinal: number;
  /** RFC 3339; empty where the point does not say. */
  readonly ingestedAt: string;
  /** Of all else that the payload holds; null where it was not read. */
  readonly content: Digest | null;
  readonly vectors: Digest | null;
}

/** What is the same for all points of a version that is shown. */
export type PointEssentials = Pick<AuditedPoint, 'tenant' | 'document' | 'version' | 'sequence' | 'visible' | 'policies'>;

/** What differs between the point as it should be and as it is, in words; nothing: they are the same. What was not read of one of them is not compared. */
export function differences(expected: AuditedPoint, actual: AuditedPoint): string[] {
  const found: string[] = [];
  if (actual.tenant !== expected.tenant) found.push('tenant');
  if (actual.document !== expected.document) found.push('document');
  if (actual.version !== expected.version) found.push('version');
  if (actual.sequence !== expected.sequence) found.push('sequence');
  if (actual.ordinal !== expected.ordinal) found.push('ordinal');
  if (actual.visible !== expected.visible) found.push('visibility');
  if (!sameLabels(actual.policies, expected.policies)) found.push('policy labels');
  if (actual.content !== null && expected.content !== null && actual.content !== expected.content) found.push('content');
  if (actual.vectors !== null && expected.vectors !== null && actual.vectors !== expected.vectors) found.push('vectors');
  return found;
}

function sameLabels(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
}
