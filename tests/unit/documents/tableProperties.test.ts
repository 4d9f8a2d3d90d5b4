import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { ParsedText } from '../../../src/contracts/parsed.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import { BoundedText } from '../../../src/documents/tables/boundedText.ts';
import { readsAsNumber, rowOf } from '../../../src/documents/tables/row.ts';
import { RowGroups, groupTokens } from '../../../src/documents/tables/rowGroups.ts';
import { SheetText } from '../../../src/documents/tables/sheetText.ts';
import { estimateTokens } from '../../../src/documents/tables/tokens.ts';
import { DocumentBuilder } from '../../../src/documents/text/documentBuilder.ts';
import { rowsOf, xlsx } from './officeFiles.ts';
import { noHints } from './parsing.ts';

const word = fc.constantFrom('alpha', 'beta', 'Gamma ray', '12', '3.5 %', '2024', '2024-05-01', 'x|y', 'naïve', '検索', 'a rather long text that takes more room than the others do');
const cell = fc.option(word, { freq: 3, nil: '' });
const grid = fc.array(fc.array(cell, { maxLength: 9 }), { minLength: 1, maxLength: 60 });

function check({ text, blocks }: Pick<ParsedText, 'text' | 'blocks'>): void {
  let end = 0;
  for (const block of blocks) {
    expect(block.start).toBeGreaterThanOrEqual(end);
    expect(text.slice(block.start, block.end).trim()).not.toBe('');
    end = block.end;
  }
  expect(end).toBe(text.length);
}

/** Words of a text without the marks of tables. */
const wordsIn = (text: string): Set<string> => new Set(text.replaceAll('\\|', '|').split(/[\s|:]+/).filter((found) => found !== '' && found !== '---'));

describe('tables of any shape', () => {
  it('make blocks in order that do not overlap, and lose no cell', () => {
    fc.assert(fc.property(grid, fc.boolean(), fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 60, maxLength: 60 }), (rows, sideBySide, gaps) => {
      const builder = new DocumentBuilder();
      const sheet = new SheetText(new BoundedText(builder), { captionLevel: 2, sideBySide });
      let index = 0;
      rows.forEach((row, at) => { sheet.add(index += 1 + (gaps[at] ?? 0), rowOf(row)); });
      sheet.end();
      const read = builder.finish();
      check(read);
      const found = wordsIn(read.text);
      for (const value of rows.flat()) for (const part of wordsIn(value.normalize('NFC'))) expect(found).toContain(part);
    }), { numRuns: 200 });
  });

  it('make blocks that fit a chunk, unless one row alone is larger', () => {
    fc.assert(fc.property(fc.array(fc.array(word, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 80 }), (rows) => {
      const builder = new DocumentBuilder();
      const groups = new RowGroups(builder, new Map([[0, 'One'], [1, 'Two'], [2, 'Three'], [3, 'Four']]), []);
      for (const row of rows) groups.add(rowOf(row));
      groups.end();
      const { text, blocks } = builder.finish();
      for (const { start, end } of blocks) {
        expect(text.slice(start, end).startsWith('| One | Two | Three | Four |\n')).toBe(true);
        expect(estimateTokens(text.slice(start, end))).toBeLessThanOrEqual(groupTokens);
      }
    }), { numRuns: 100 });
  });

  it('come out of workbooks and separated values with the same guarantees', async () => {
    const values = fc.array(fc.array(word.filter((value) => !value.includes('|')), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 30 });
    await fc.assert(fc.asyncProperty(values, async (rows) => {
      check(await parseDocument(xlsx({ sheets: [{ name: 'Sheet', rows: rowsOf(rows) }] }), noHints));
      check(await parseDocument(Buffer.from(rows.map((row) => row.join(',')).join('\n')), { ...noHints, fileName: 'a.csv' }));
      check(await parseDocument(Buffer.from(JSON.stringify({ rows })), { ...noHints, fileName: 'a.json' }));
      check(await parseDocument(Buffer.from(rows.map((row) => row.join(' ')).join('\n')), { ...noHints, fileName: 'a.py' }));
    }), { numRuns: 30 });
  });

  it('do not grow without measure', () => {
    const sink = new BoundedText(new DocumentBuilder());
    expect(() => { sink.add('paragraph', 'x'.repeat(64 * 1024 * 1024 + 1)); }).toThrow(CatalystError);
  });
});

describe('cells', () => {
  it('are numbers, amounts and dates, or words', () => {
    for (const text of ['1', '-2.5', '(1,234)', '12 %', '€ 1.234,50', '1 234,5', 'CHF 5', '1e9', '2024-05-01', '5/1/2024', '12:30', '99.95$']) expect(readsAsNumber(text), text).toBe(true);
    for (const text of ['', 'a', '—', 'Q1 2024', '3 apples', '1.2.3-beta', 'A1', '12-inch']) expect(readsAsNumber(text), text).toBe(false);
  });
});
