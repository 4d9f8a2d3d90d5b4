import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/documents/csv/records.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import { blocksOf, noHints } from './parsing.ts';

const records = (source: string, delimiter?: string): string[][] => [...readRecords(source, delimiter)].filter((record) => record.some((cell) => cell !== ''));
const blocks = async (source: string | Uint8Array, fileName = 'a.csv'): Promise<[string, string][]> => blocksOf(await parseDocument(typeof source === 'string' ? Buffer.from(source) : source, { ...noHints, fileName }));

describe('records of separated values', () => {
  it('are read whatever the separator and the line ends', () => {
    for (const separator of [',', ';', '\t', '|']) {
      for (const end of ['\n', '\r\n', '\r']) {
        expect(records(['Name', 'Town'].join(separator) + end + ['Ann', 'Bonn'].join(separator) + end + ['Bob', 'Ulm'].join(separator))).toEqual([['Name', 'Town'], ['Ann', 'Bonn'], ['Bob', 'Ulm']]);
      }
    }
    expect(records('Price;Tax\n1,50;0,19\n2,25;0,07')).toEqual([['Price', 'Tax'], ['1,50', '0,19'], ['2,25', '0,07']]);
    expect(records('sep=;\na,b;c')).toEqual([['a,b', 'c']]);
    expect(records('one\ntwo\nthree')).toEqual([['one'], ['two'], ['three']]);
  });

  it('may hold separators, quotes and line ends', () => {
    expect(records('a,b\n"x, ""y""","line one\nline two"\n')).toEqual([['a', 'b'], ['x, "y"', 'line one\nline two']]);
  });

  it('survive quotes that never end', () => {
    expect(records('a,b\n1,"torn\n2,3\n4,"whole, one"\n5,6', ',')).toEqual([['a', 'b'], ['1', '"torn'], ['2', '3'], ['4', 'whole, one'], ['5', '6']]);
    expect(records('a,b\n1,"open\n2,3', ',')).toEqual([['a', 'b'], ['1', '"open'], ['2', '3']]);
    expect(records('a,b\n'.repeat(5) + '1,"x\n'.repeat(500), ',')).toHaveLength(505);
  });

  it('come out as they went in', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ß', '語', '"', ',', ';', '\n', ' ', '1', '\t', '|') });
    const table = fc.integer({ min: 1, max: 5 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }));
    fc.assert(fc.property(table, fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n'), (rows, separator, end) => {
      const written = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(separator)).join(end);
      expect([...readRecords(written, separator)]).toEqual(rows);
    }), { numRuns: 200 });
  });

  it('are the same in one part or in many', () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => [`${index}`, `two\nlines, "${index}"`]);
    const written = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\n');
    expect(written.length).toBeGreaterThan(1.5 * 1024 * 1024);
    expect([...readRecords(written)]).toEqual(rows);
  });
});

describe('CSV', () => {
  it('becomes groups of rows that repeat the header, the lines above it a heading', async () => {
    const found = await blocks(`Stock report\n\nArticle,Count\n${Array.from({ length: 120 }, (_, index) => `Article number ${index},${index}`).join('\n')}`);
    expect(found[0]).toEqual(['heading1', 'Stock report']);
    expect(found.length).toBeGreaterThan(3);
    for (const [kind, text] of found.slice(1)) expect([kind, text.split('\n').slice(0, 2)]).toEqual(['table', ['| Article | Count |', '| --- | --- |']]);
  });

  it('without a header is rows alone; of long texts, one record after the other', async () => {
    expect(await blocks('1,2\n3,4')).toEqual([['table', '| 1 | 2 |\n| 3 | 4 |']]);
    const long = 'A long answer. '.repeat(120).trim();
    expect(await blocks(`question,answer\nHow?,${long}\nWhy?,Because.`)).toEqual([['table', `question: How?\nanswer: ${long}`], ['table', '| question | answer |\n| --- | --- |\n| Why? | Because. |']]);
  });

  it('is read in its own charset, and a TSV by tabs alone', async () => {
    expect(await blocks(Buffer.from('Stra\xdfe,Ort\nAllee,K\xf6ln', 'latin1'))).toEqual([['table', '| Straße | Ort |\n| --- | --- |\n| Allee | Köln |']]);
    expect(await blocks('a,b\tc\n1,5\t2', 'a.tsv')).toEqual([['table', '| a,b | c |\n| --- | --- |\n| 1,5 | 2 |']]);
  });
});
