import { digestOf, pointIdOf } from '../contracts/identifiers.ts';
import type { Digest } from '../contracts/identifiers.ts';
import type { AuditedPoint, PointEssentials } from './auditedPoints.ts';

/** Digest of what the points of a document hold, by their ordinals. */
export function summariseContents(points: readonly Pick<AuditedPoint, 'ordinal' | 'content' | 'vectors'>[]): Digest {
  return digestOf(points.map(({ ordinal, content, vectors }) => JSON.stringify([ordinal, content, vectors])).sort().join('\n'));
}

/** Digest of the points of a document, whatever the order they come in. `deep`: with what they hold, not only whose they are. */
export function summariseDocument(points: readonly AuditedPoint[], deep: boolean): Digest {
  return summarise(points.map(identityLine), deep ? summariseContents(points) : null);
}

/** The same of a version that is as it should be: cut by this recut (null: as it came), with these ordinals, and contents of this digest; null: not compared. */
export function summariseExpected(essentials: PointEssentials, recut: string | null, ordinals: readonly number[], contents: Digest | null): Digest {
  return summarise(ordinals.map((ordinal) => identityLine({ ...essentials, id: pointIdOf(essentials.version, ordinal, recut), ordinal })), contents);
}

function summarise(identities: readonly string[], contents: Digest | null): Digest {
  return digestOf(JSON.stringify([[...identities].sort(), contents]));
}

function identityLine({ id, tenant, document, version, sequence, visible, policies, ordinal }: PointEssentials & Pick<AuditedPoint, 'id' | 'ordinal'>): string {
  return JSON.stringify([id, tenant, document, version, sequence, visible, [...policies].sort(), ordinal]);
}

/** Digest of a bucket: of the digests of its documents. */
export function summariseBucket(documents: ReadonlyMap<string, Digest>): Digest {
  return digestOf([...documents].map(([document, digest]) => `${document} ${digest}`).sort().join('\n'));
}

/** Documents that are not the same on both sides, in order. A document that one side lacks differs. */
export function differingDocuments(expected: ReadonlyMap<string, Digest>, actual: ReadonlyMap<string, Digest>): string[] {
  if (summariseBucket(expected) === summariseBucket(actual)) return [];
  const documents = new Set([...expected.keys(), ...actual.keys()]);
  return [...documents].filter((document) => expected.get(document) !== actual.get(document)).sort();
}
