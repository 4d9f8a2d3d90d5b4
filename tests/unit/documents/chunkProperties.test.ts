import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddedTextOf } from '../../../src/contracts/chunks.ts';
import type { ChunkedDocument } from '../../../src/contracts/chunks.ts';
import type { ParsedText } from '../../../src/contracts/parsed.ts';
import { blockKinds } from '../../../src/contracts/parsed.ts';
import { chunkDocument } from '../../../src/documents/chunk.ts';
import { documentOf } from './parsedDocuments.ts';
import { wordPieces } from './wordPieces.ts';

const word = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('the', 'search', 'document', 'Index', 'e.g.', 'Dr.', 'naïve', '3.14', 'foo-bar', 'end.', 'what?', 'x') },
  { weight: 2, arbitrary: fc.constantFrom('検索エンジン。', '색인', 'وثيقة', '😀👩‍👩‍👧', 'e\u0301', '|', '\n') },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 900 }).map((length) => 'y'.repeat(length)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map((length) => '漢字'.repeat(length)) },
);
const text = fc.array(word, { minLength: 1, maxLength: 120 }).map((words) => words.join(' ').trim()).filter((value) => value !== '');
const piece = fc.record({ kind: fc.constantFrom(...blockKinds), text, level: fc.integer({ min: 1, max: 6 }), page: fc.integer({ min: 1, max: 9 }) });
const parsed = fc.array(piece, { maxLength: 14 }).map(documentOf);
const settings = fc.record({ maximumTokens: fc.integer({ min: 64, max: 300 }), overlapTokens: fc.integer({ min: 0, max: 100 }) });
const title = fc.oneof(fc.constant(''), fc.constant('A guide'), text);

function check(document: ParsedText, result: ChunkedDocument, maximumTokens: number): void {
  let covered = 0;
  let previousStart = -1;
  result.chunks.forEach((chunk, index) => {
    expect(chunk.ordinal).toBe(index);
    expect(chunk.text).toBe(document.text.slice(chunk.start, chunk.end));
    expect(chunk.text).toBe(chunk.text.trim());
    expect(chunk.text.isWellFormed()).toBe(true);
    expect(chunk.end).toBeGreaterThan(covered);
    expect(chunk.start).toBeGreaterThan(previousStart);
    // What lies between two chunks is white space only: nothing is lost.
    if (chunk.start > covered) expect(document.text.slice(covered, chunk.start).trim()).toBe('');
    expect(chunk.tokens).toBe(wordPieces.count(embeddedTextOf(result.title, chunk)) + 2);
    expect(chunk.tokens).toBeLessThanOrEqual(maximumTokens);
    covered = chunk.end;
    previousStart = chunk.start;
  });
  expect(document.text.slice(covered).trim()).toBe('');
}

describe('chunks of any document', () => {
  it('cover it exactly once but for overlap, in order and within the limit', () => {
    fc.assert(fc.property(parsed, settings, title, (document, chosen, name) => {
      check(document, chunkDocument(document, { title: name, settings: chosen, tokenizer: wordPieces }), chosen.maximumTokens);
    }), { numRuns: 150 });
  });

  it('overlap at most by what is configured', () => {
    fc.assert(fc.property(parsed, settings, (document, chosen) => {
      const { chunks } = chunkDocument(document, { title: '', settings: chosen, tokenizer: wordPieces });
      chunks.slice(1).forEach((chunk, index) => {
        const repeated = document.text.slice(chunk.start, Math.max(chunk.start, chunks[index]?.end ?? 0));
        expect(wordPieces.count(repeated)).toBeLessThanOrEqual(chosen.overlapTokens);
      });
    }), { numRuns: 100 });
  });

  it('are the same every time', () => {
    fc.assert(fc.property(parsed, settings, (document, chosen) => {
      const options = { title: 'A guide', settings: chosen, tokenizer: wordPieces };
      expect(chunkDocument(document, options)).toEqual(chunkDocument(document, options));
    }), { numRuns: 30 });
  });
});
