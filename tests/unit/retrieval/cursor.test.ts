import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../src/contracts/principal.ts';
import { searchRequestSchema } from '../../../src/contracts/search.ts';
import type { SearchRequest } from '../../../src/contracts/search.ts';
import { readCursor, ShownPassages, writeCursor } from '../../../src/retrieval/cursor.ts';
import { someCandidate } from './candidates/someCandidate.ts';

const principal: Principal = { tenant: 'acme', subject: 's', roles: [], policies: [] };
const request = (fields: object = {}): SearchRequest => searchRequestSchema.parse({ query: 'q', ...fields });
const shown = new ShownPassages().with([someCandidate({ document: 'a', score: 1 }), someCandidate({ document: 'a', score: 1, ordinal: 3 })].map(({ payload }) => payload), 2);

describe('cursor', () => {
  test('brings back what was shown, by document and place: a new version of a passage was shown too', () => {
    const back = readCursor(principal, request({ cursor: writeCursor(principal, request(), shown), limit: 50, explain: true }));
    expect(back.results).toBe(2);
    const seen = (ordinal: number, sequence = 1): boolean => back.has(someCandidate({ document: 'a', score: 1, ordinal, sequence }).payload);
    expect([seen(0), seen(3), seen(3, 9), seen(1)]).toEqual([true, true, true, false]);
    expect(back.ofDocument(someCandidate({ document: 'a', score: 1 }).payload.document)).toBe(2);
  });

  test('belongs to one tenant and one search', () => {
    const cursor = writeCursor(principal, request(), shown);
    expect(() => readCursor({ ...principal, tenant: 'other' }, request({ cursor }))).toThrow('The cursor cannot be used.');
    expect(() => readCursor(principal, request({ cursor, query: 'another' }))).toThrow('The cursor cannot be used.');
    expect(() => readCursor(principal, request({ cursor, filters: { tags: ['x'] } }))).toThrow('The cursor cannot be used.');
  });

  test('anything else is refused, never misread', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => {
      expect(() => readCursor(principal, request({ cursor: text }))).toThrow('The cursor cannot be used.');
    }));
    expect(() => readCursor(principal, request({ cursor: `${writeCursor(principal, request(), shown)}AA` }))).toThrow('The cursor cannot be used.');
  });
});
