import { describe, expect, it } from 'vitest';
import type { ParsedText } from '../../../src/contracts/parsed.ts';
import { chunkDocument } from '../../../src/documents/chunk.ts';

/** Chunking runs in the thread that answers Temporal: what takes the square of a text's length there holds up all other work. */
const units = ['E11.9 ', 'ICD-10 ', 'diagnosis code: ', 'A00', 'icd ', 'e.g. ', 'a', ' ', '\n', '. ', '| a ', 'A.', '(', '\u0301', '\u200d', 'code code ', '1.1.1.1', 'no. '];
const [short, long] = [100_000, 400_000];
const tokenizer = { count: (text: string) => Math.ceil(text.length / 4) };

function paragraph(unit: string, length: number): ParsedText {
  const text = `x${unit.repeat(Math.ceil(length / unit.length))}x`;
  return { mediaType: 'text/plain', text, blocks: [{ kind: 'paragraph', start: 0, end: text.length }], lostPages: [] };
}

function msOf(parsed: ParsedText): number {
  const times = [1, 2].map(() => {
    const started = performance.now();
    chunkDocument(parsed, { title: 'A title', settings: { maximumTokens: 448, overlapTokens: 48 }, tokenizer });
    return performance.now() - started;
  });
  return Math.min(...times);
}

describe('chunking takes time in proportion to the text', () => {
  it.each(units)('of %j without end', (unit) => {
    msOf(paragraph(unit, short));
    const [few, many] = [msOf(paragraph(unit, short)), msOf(paragraph(unit, long))];
    // Four times as much: sixteen times as long where it is the square. The floor keeps the noise of a busy machine out.
    expect(many).toBeLessThan(Math.max(few * 12, 1_000));
  }, 60_000);
});
