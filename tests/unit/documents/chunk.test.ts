import { describe, expect, it } from 'vitest';
import { embeddedTextOf } from '../../../src/contracts/chunks.ts';
import { chunkDocument } from '../../../src/documents/chunk.ts';
import type { Piece } from './parsedDocuments.ts';
import { documentOf } from './parsedDocuments.ts';
import { wordPieces } from './wordPieces.ts';

const settings = { maximumTokens: 128, overlapTokens: 0 };
const sentence = (number: number, words = 10): string => `Sentence ${number} ${'the search '.repeat(words / 2).trim()}.`;
const prose = (from: number, count: number, words = 10): string => Array.from({ length: count }, (_, index) => sentence(from + index, words)).join(' ');

function chunk(pieces: readonly Piece[], options: Partial<Parameters<typeof chunkDocument>[1]> = {}) {
  return chunkDocument(documentOf(pieces), { title: 'Guide', settings, tokenizer: wordPieces, ...options }).chunks;
}

describe('a short document', () => {
  it('is one chunk with its heading, and its tokens are those of what is embedded', () => {
    const chunks = chunk([{ kind: 'heading', level: 1, text: 'Search' }, { kind: 'paragraph', text: prose(1, 2) }]);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ ordinal: 0, tier: 'passage', headings: ['Search'], start: 0 });
    expect(chunks[0]?.tokens).toBe(wordPieces.count(embeddedTextOf('Guide', chunks[0]!)) + 2);
  });

  it('has no chunks without text', () => {
    expect(chunk([])).toEqual([]);
  });
});

describe('sections', () => {
  it('starts a chunk at every section that is not small, with the path of headings', () => {
    const chunks = chunk([
      { kind: 'heading', level: 1, text: 'One' },
      { kind: 'heading', level: 2, text: 'First' },
      { kind: 'paragraph', text: prose(1, 5) },
      { kind: 'heading', level: 2, text: 'Second' },
      { kind: 'paragraph', text: prose(6, 5) },
      { kind: 'heading', level: 1, text: 'Two' },
      { kind: 'paragraph', text: prose(11, 5) },
    ]);
    expect(chunks.map(({ headings, text }) => [headings.join('/'), text.split('\n')[0]])).toEqual([
      ['One/First', 'One'],
      ['One/Second', 'Second'],
      ['Two', 'Two'],
    ]);
  });

  it('joins small sections under one heading, and not those of another', () => {
    const small = (name: string, number: number): Piece[] => [{ kind: 'heading', level: 2, text: name }, { kind: 'paragraph', text: sentence(number, 16) }];
    const chunks = chunk([
      { kind: 'heading', level: 1, text: 'Letters' }, { kind: 'paragraph', text: prose(1, 6) },
      ...small('A', 1), ...small('B', 2),
      { kind: 'heading', level: 1, text: 'Numbers' }, { kind: 'paragraph', text: prose(1, 6) },
      ...small('C', 3),
    ]);
    const joined = chunks.find(({ text }) => text.startsWith('A\n'));
    expect(joined?.text).toContain('B\n');
    expect(joined?.headings).toEqual(['Letters']);
    expect(chunks.filter(({ text }) => text.includes('Numbers') && text.includes('B\n'))).toEqual([]);
  });

  it('never ends a chunk with a heading', () => {
    const pieces = Array.from({ length: 12 }, (_, index): Piece[] => [{ kind: 'heading', level: 1 + (index % 3), text: `Part ${index}` }, { kind: 'paragraph', text: prose(index, 1 + (index % 5) * 2) }]).flat();
    for (const { text } of chunk(pieces)) expect(text).toMatch(/\.$/);
  });

  it('cuts a long section into even chunks at sentence borders', () => {
    const chunks = chunk([{ kind: 'paragraph', text: prose(1, 40) }]);
    expect(chunks.length).toBeGreaterThan(3);
    for (const { text } of chunks) expect(text).toMatch(/^Sentence .*\.$/s);
    const sizes = chunks.map(({ tokens }) => tokens);
    expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) * 0.6);
  });
});

describe('overlap', () => {
  it('repeats whole sentences of the same section only', () => {
    const chunks = chunk([{ kind: 'paragraph', text: prose(1, 12) }, { kind: 'heading', level: 1, text: 'Next' }, { kind: 'paragraph', text: prose(20, 12) }], { settings: { maximumTokens: 128, overlapTokens: 24 } });
    const repeated = chunks.slice(1).map((current, index) => (chunks[index]?.end ?? 0) - current.start);
    expect(repeated.filter((length) => length > 0).length).toBeGreaterThan(0);
    chunks.slice(1).forEach((current, index) => {
      const previous = chunks[index]!;
      if (current.start >= previous.end) return;
      expect(current.headings).toEqual(previous.headings);
      expect(current.text).toMatch(/^Sentence \d+/);
      expect(wordPieces.count(current.text.slice(0, previous.end - current.start))).toBeLessThanOrEqual(24);
    });
    expect(chunks.find(({ text }) => text.startsWith('Next'))).toBeDefined();
  });
});

describe('tables and code', () => {
  const row = (number: number): string => `| the search | index ${number} | ${'text '.repeat(4).trim()} |`;
  const table = (rows: number): string => ['| name | index | text |', '| --- | --- | --- |', ...Array.from({ length: rows }, (_, index) => row(index))].join('\n');

  it('keeps a table whole and says that the chunk is one', () => {
    const chunks = chunk([{ kind: 'paragraph', text: prose(1, 6) }, { kind: 'table', text: table(4) }, { kind: 'paragraph', text: prose(7, 6) }]);
    const found = chunks.filter(({ text }) => text.includes('| --- |'));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ tier: 'table', text: table(4) });
  });

  it('cuts a table that is too long between its rows', () => {
    const chunks = chunk([{ kind: 'table', text: table(40) }]);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { text, tier } of chunks) {
      expect(tier).toBe('table');
      for (const line of text.split('\n')) expect(line).toMatch(/^\|.*\|$/);
    }
  });

  it('keeps code whole where it fits, else cuts between lines', () => {
    const code = Array.from({ length: 60 }, (_, index) => `  search(the, index, ${index});`).join('\n');
    const chunks = chunk([{ kind: 'code', text: code }]);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { text, tier } of chunks) {
      expect(tier).toBe('code');
      expect(text).toMatch(/^search\(.*\);$/s);
    }
  });

  it('takes the tier that the caller gives', () => {
    expect(chunk([{ kind: 'table', text: table(2) }], { tier: 'summary' })[0]?.tier).toBe('summary');
  });
});

describe('limits', () => {
  it('does not divide words, and divides a word that is longer than a chunk', () => {
    const words = Array.from({ length: 400 }, (_, index) => `word${index}`).join(' ');
    const known = new Set(words.split(' '));
    for (const { text } of chunk([{ kind: 'paragraph', text: words }])) for (const word of text.split(/\s+/)) expect(known).toContain(word);
    const monster = chunk([{ kind: 'paragraph', text: 'x'.repeat(20_000) }]);
    expect(monster.length).toBeGreaterThan(10);
    expect(monster.map(({ text }) => text).join('')).toBe('x'.repeat(20_000));
  });

  it('shortens a title and headings that would leave no room', () => {
    const long = 'the search of a document '.repeat(100).trim();
    const result = chunkDocument(documentOf([{ kind: 'heading', level: 1, text: long }, { kind: 'paragraph', text: prose(1, 20) }]), { title: long, settings, tokenizer: wordPieces });
    expect(result.title).toMatch(/…$/);
    for (const entry of result.chunks) expect(wordPieces.count(embeddedTextOf(result.title, entry)) + 2).toBeLessThanOrEqual(128);
    expect(result.chunks.at(-1)?.headings[0]).toMatch(/^the search.*…$/);
  });

  it('keeps the limit with a tokenizer that counts whole texts higher than their sentences', () => {
    const greedy = { count: (text: string) => Math.ceil(wordPieces.count(text) * (1 + Math.min(text.length, 400) / 2000)) };
    const { title, chunks } = chunkDocument(documentOf([{ kind: 'paragraph', text: prose(1, 60) }]), { title: 'Guide', settings, tokenizer: greedy });
    for (const entry of chunks) expect(greedy.count(embeddedTextOf(title, entry)) + 2).toBeLessThanOrEqual(128);
  });

  it('carries the first and last page', () => {
    const chunks = chunk([{ kind: 'paragraph', text: prose(1, 1), page: 3 }, { kind: 'paragraph', text: prose(2, 1), page: 4 }]);
    expect(chunks[0]).toMatchObject({ page: 3, pageEnd: 4 });
  });
});

describe('cost', () => {
  it('counts every character a bounded number of times', () => {
    let counted = 0;
    const counting = { count: (text: string) => { counted += text.length; return wordPieces.count(text); } };
    const pieces = Array.from({ length: 200 }, (_, index): Piece => ({ kind: 'paragraph', text: prose(index, 20) }));
    const parsed = documentOf(pieces);
    chunkDocument(parsed, { title: 'Guide', settings: { maximumTokens: 128, overlapTokens: 24 }, tokenizer: counting });
    expect(counted).toBeLessThan(parsed.text.length * 3);
  });
});
