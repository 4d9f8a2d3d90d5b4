import { describe, expect, test } from 'vitest';
import { searchRequestSchema } from '../../../../src/contracts/search.ts';
import type { SearchRequest } from '../../../../src/contracts/search.ts';
import { ShownPassages } from '../../../../src/retrieval/cursor.ts';
import { joinPassages } from '../../../../src/retrieval/selection/joinNeighbours.ts';
import { saturatedDocuments, select } from '../../../../src/retrieval/selection/select.ts';
import type { Selected } from '../../../../src/retrieval/selection/select.ts';
import { someCandidate } from '../candidates/someCandidate.ts';

const request = (fields: object = {}): SearchRequest => searchRequestSchema.parse({ query: 'q', ...fields });
const names = (selected: readonly Selected[]): string[] => selected.map(({ candidate: { payload } }) => `${payload.title}/${payload.chunk.ordinal}`);
const twin = 'The committee met on Monday and decided to extend the opening hours of all branches by one hour from the first of March.';

describe('selection', () => {
  test('takes the newest version of a document, no more passages than asked for, and says why the others were left out', () => {
    const old = someCandidate({ document: 'a', score: 0.9, sequence: 1 });
    const candidates = [old, someCandidate({ document: 'a', score: 0.8, sequence: 2 }), someCandidate({ document: 'a', score: 0.7, ordinal: 1, sequence: 2 }), someCandidate({ document: 'b', score: 0.2 })];
    const { selected, dropped } = select(candidates, request({ passagesPerDocument: 1, minimumScore: 0.3 }), new ShownPassages());
    expect(names(selected)).toEqual(['a/0']);
    expect(selected[0]?.candidate.payload.sequence).toBe(2);
    expect(candidates.map(({ hit }) => dropped.get(hit.id))).toEqual(['older version', undefined, 'enough passages of the document', 'below the minimum score']);
    expect([...saturatedDocuments(selected, 1, new ShownPassages())]).toEqual([old.payload.document]);
  });

  test('what was shown on an earlier page is not shown again and still counts for its document', () => {
    const candidates = [someCandidate({ document: 'a', score: 0.9 }), someCandidate({ document: 'a', score: 0.8, ordinal: 1 }), someCandidate({ document: 'a', score: 0.7, ordinal: 2 }), someCandidate({ document: 'b', score: 0.6 })];
    const shown = new ShownPassages().with([candidates[0]!.payload], 1);
    expect(names(select(candidates, request({ passagesPerDocument: 2 }), shown).selected)).toEqual(['a/1', 'b/0']);
  });

  test('the same text in another document is put to the first, on request', () => {
    const candidates = [someCandidate({ document: 'a', score: 0.9, text: twin }), someCandidate({ document: 'b', score: 0.8, text: `${twin}.` }), someCandidate({ document: 'c', score: 0.7, text: `${twin} Further decisions were put off until the committee meets again in the autumn, when all members will be back.` })];
    const { selected } = select(candidates, request({ collapseDuplicates: true }), new ShownPassages());
    expect(names(selected)).toEqual(['a/0', 'c/0']);
    expect(selected[0]?.duplicates.map(({ payload }) => payload.title)).toEqual(['b']);
    expect(names(select(candidates, request(), new ShownPassages()).selected)).toEqual(['a/0', 'b/0', 'c/0']);
  });

  test('neighbours become one result, with what overlaps once', () => {
    const text = 'One two three. Four five six. Seven eight nine.';
    const part = (ordinal: number, start: number, end: number, score: number) => someCandidate({ document: 'a', ordinal, score, start, text: text.slice(start, end) });
    const { selected } = select([part(1, 9, 29, 0.9), part(0, 0, 14, 0.8), part(2, 30, 47, 0.7), someCandidate({ document: 'b', score: 0.1 })], request({ joinNeighbours: true, limit: 2 }), new ShownPassages());
    expect(names(selected)).toEqual(['a/1', 'b/0']);
    const first = selected[0]!;
    expect(joinPassages([first.candidate, ...first.neighbours].map(({ payload }) => payload.chunk))).toEqual({ text: text.replace('six. Seven', 'six.\nSeven'), start: 0, end: 47 });
  });

  test('aggregated, a document is one result; sums put one with several good passages before one with a single better one', () => {
    const candidates = [someCandidate({ document: 'single', score: 0.9 }), someCandidate({ document: 'several', score: 0.8 }), someCandidate({ document: 'several', score: 0.7, ordinal: 5 })];
    const best = select(candidates, request({ aggregate: 'best' }), new ShownPassages()).selected;
    expect([names(best), best[1]?.passages.length]).toEqual([['single/0', 'several/0'], 1]);
    const sum = select(candidates, request({ aggregate: 'sum' }), new ShownPassages()).selected;
    expect([names(sum), sum[0]?.score]).toEqual([['several/0', 'single/0'], 0.8 + 0.35]);
  });

  test('diversity brings up what says something else', () => {
    const candidates = [someCandidate({ document: 'a', score: 0.9, text: twin }), someCandidate({ document: 'b', score: 0.89, text: twin }), someCandidate({ document: 'c', score: 0.6 }), someCandidate({ document: 'd', score: 0.1 })];
    expect(names(select(candidates, request({ diversity: 0.8, limit: 2 }), new ShownPassages()).selected)).toEqual(['a/0', 'c/0']);
    expect(names(select(candidates, request({ limit: 2 }), new ShownPassages()).selected)).toEqual(['a/0', 'b/0']);
  });
});
