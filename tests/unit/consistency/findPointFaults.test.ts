import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditedPoint } from '../../../src/consistency/auditedPoints.ts';
import { findPointFaults } from '../../../src/consistency/findPointFaults.ts';
import type { PointFault } from '../../../src/consistency/findPointFaults.ts';
import { differingDocuments, summariseContents, summariseDocument, summariseExpected } from '../../../src/consistency/summaries.ts';
import { digestOf, pointIdOf } from '../../../src/contracts/identifiers.ts';

const document = '10000000-0000-4000-8000-000000000001';
const version = '20000000-0000-4000-8000-000000000001';
const old = '20000000-0000-4000-8000-000000000000';

function point(ordinal: number, changes: Partial<AuditedPoint> = {}): AuditedPoint {
  return { id: pointIdOf(version, ordinal), tenant: 'one', document, version, sequence: 7, visible: true, policies: [], ordinal, ingestedAt: '', content: digestOf(`content ${ordinal}`), vectors: digestOf(`vectors ${ordinal}`), ...changes };
}

const never = () => false;
const kindsOf = (faults: readonly PointFault[]) => faults.map(({ kind }) => kind);

/** What the faults ask for, done. */
function mend(actual: readonly AuditedPoint[], faults: readonly PointFault[]): AuditedPoint[] {
  const points = new Map(actual.map((each) => [each.id, each]));
  for (const { remedy } of faults) {
    if ('write' in remedy) points.set(remedy.write.id, remedy.write);
    else points.delete(remedy.remove.id);
  }
  return [...points.values()];
}

/** A disturbance of the points of a document, and what is to be found of it. */
const disturbances: readonly ((points: AuditedPoint[], at: number) => [AuditedPoint[], string])[] = [
  (points, at) => [points.filter((_, place) => place !== at), 'missing-point'],
  (points, at) => [[...points, { ...(points[at] as AuditedPoint), id: 'a-second-one' }], 'duplicated-point'],
  (points, at) => [[...points, { ...(points[at] as AuditedPoint), id: 'left-over', version: old, visible: false }], 'orphaned-point'],
  (points, at) => [[...points, { ...(points[at] as AuditedPoint), id: 'beyond', ordinal: 1_000 }], 'orphaned-point'],
  (points, at) => [[...points, { ...(points[at] as AuditedPoint), id: 'in-sight', version: old }], 'stale-point'],
  (points, at) => [points.map((each, place) => (place === at ? { ...each, content: digestOf('other') } : each)), 'stale-point'],
  (points, at) => [points.map((each, place) => (place === at ? { ...each, vectors: digestOf('other') } : each)), 'stale-point'],
  (points, at) => [points.map((each, place) => (place === at ? { ...each, visible: false } : each)), 'stale-point'],
  (points, at) => [points.map((each, place) => (place === at ? { ...each, policies: ['x'] } : each)), 'stale-point'],
  (points, at) => [points.map((each, place) => (place === at ? { ...each, sequence: 6 } : each)), 'stale-point'],
  (points, at) => [points.map((each, place) => (place === at ? { ...each, tenant: 'two' } : each)), 'foreign-point'],
  (points, at) => [[...points, { ...(points[at] as AuditedPoint), id: 'elsewhere', tenant: 'two' }], 'foreign-point'],
];

describe('faults of the points of a document', () => {
  it('are none where all is as it should be, in whatever order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.nat()), (count, numbers) => {
        const expected = Array.from({ length: count }, (_, ordinal) => point(ordinal));
        const shuffled = expected.map((each) => ({ each, by: numbers.next().value as number })).sort((left, right) => left.by - right.by).map(({ each }) => each);
        expect(findPointFaults(expected, shuffled, never)).toEqual([]);
        expect(summariseDocument(shuffled, true)).toBe(summariseDocument(expected, true));
      }),
    );
  });

  it('are found one by one, and mended by what they ask for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), fc.nat(disturbances.length - 1), (count, place, choice) => {
        const expected = Array.from({ length: count }, (_, ordinal) => point(ordinal));
        const [actual, kind] = (disturbances[choice] as (typeof disturbances)[number])([...expected], place % count);
        const faults = findPointFaults(expected, actual, never);
        expect(kindsOf(faults)).toEqual([kind]);
        expect(new Set(mend(actual, faults))).toEqual(new Set(expected));
      }),
    );
  });

  it('are mended together, whatever came together', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.tuple(fc.nat(), fc.nat(disturbances.length - 1)), { maxLength: 8 }), (count, choices) => {
        const expected = Array.from({ length: count }, (_, ordinal) => point(ordinal));
        let actual: AuditedPoint[] = [...expected];
        for (const [place, choice] of choices) if (actual.length > 0) [actual] = (disturbances[choice] as (typeof disturbances)[number])([...actual], place % actual.length);
        const distinct = [...new Map(actual.map((each) => [each.id, each])).values()];
        expect(new Set(mend(distinct, findPointFaults(expected, distinct, never)))).toEqual(new Set(expected));
      }),
    );
  });

  it('change the digest of the document, each of them', () => {
    const expected = Array.from({ length: 5 }, (_, ordinal) => point(ordinal));
    for (const disturb of disturbances) {
      const [actual] = disturb([...expected], 2);
      expect(summariseDocument(actual, true)).not.toBe(summariseDocument(expected, true));
    }
  });

  it('leave alone what a request in work writes, but not what should be there', () => {
    const expected = [point(0), point(1)];
    const coming = point(0, { id: 'coming', version: 'next', sequence: 9, visible: false });
    const isLeftAlone = ({ sequence }: AuditedPoint) => sequence === 9;
    expect(findPointFaults(expected, [...expected, coming], isLeftAlone)).toEqual([]);
    expect(kindsOf(findPointFaults(expected, [point(0), coming], isLeftAlone))).toEqual(['missing-point']);
  });

  it('are not seen in what was not read', () => {
    const expected = [point(0, { content: null, vectors: null })];
    expect(findPointFaults(expected, [point(0)], never)).toEqual([]);
  });
});

describe('digests of documents', () => {
  it('of what is expected are those of what is there, with contents and without', () => {
    const points = [3, 0, 1].map((ordinal) => point(ordinal, { policies: ['b', 'a'] }));
    const essentials = { tenant: 'one', document, version, sequence: 7, visible: true, policies: ['a', 'b'] };
    expect(summariseExpected(essentials, null, [0, 1, 3], null)).toBe(summariseDocument(points, false));
    expect(summariseExpected(essentials, null, [0, 1, 3], summariseContents(points))).toBe(summariseDocument(points, true));
    expect(summariseExpected(essentials, null, [0, 1, 2], null)).not.toBe(summariseDocument(points, false));
    expect(summariseExpected(essentials, 'recut', [0, 1, 3], null)).not.toBe(summariseDocument(points, false));
  });

  it('name the documents that differ, and those that one side lacks', () => {
    const digests = (entries: Record<string, string>) => new Map(Object.entries(entries).map(([id, text]) => [id, digestOf(text)]));
    expect(differingDocuments(digests({ a: '1', b: '2' }), digests({ b: '2', a: '1' }))).toEqual([]);
    expect(differingDocuments(digests({ a: '1', b: '2', c: '3' }), digests({ a: '1', b: 'x', d: '4' }))).toEqual(['b', 'c', 'd']);
  });
});
