import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/documents/parse.ts';
import { rowsOf, xlsx } from './officeFiles.ts';
import type { WorkbookSource } from './officeFiles.ts';
import { blocksOf, failureOf, noHints } from './parsing.ts';

const blocks = async (source: WorkbookSource): Promise<[string, string][]> => blocksOf(await parseDocument(xlsx(source), noHints));
const sheet = (rows: string, tail = ''): WorkbookSource => ({ sheets: [{ name: 'S', rows, tail }] });

describe('XLSX', () => {
  it('becomes a heading and tables a sheet, hidden ones included, empty ones left out', async () => {
    const source = { sheets: [{ name: 'Sales', rows: rowsOf([['City', 'Units'], ['Bonn', 3]]) }, { name: 'Empty', rows: '' }, { name: 'Hidden one', state: 'veryHidden', rows: rowsOf([['City', 'Units'], ['Kiel', 4]]) }] };
    expect(await blocks(source)).toEqual([
      ['heading1', 'Sales'], ['table', '| City | Units |\n| --- | --- |\n| Bonn | 3 |'],
      ['heading1', 'Hidden one'], ['table', '| City | Units |\n| --- | --- |\n| Kiel | 4 |'],
    ]);
  });

  it('shows values as a spreadsheet does: dates, shares, currencies, truth, errors, formulas by their last value', async () => {
    const styles = '<numFmts><numFmt numFmtId="164" formatCode="[$€-2] #,##0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs>';
    const rows = '<row r="1"><c r="A1" s="1"><v>45123</v></c><c r="B1" s="2"><v>0.1234</v></c><c r="C1" s="3"><v>1234.5</v></c><c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#DIV/0!</v></c><c r="F1"><f>1+1</f><v>2</v></c><c r="G1" s="4"><v>45123.5</v></c><c r="H1" t="str"><f>A</f><v>text</v></c><c r="I1"><v>0.30000000000000004</v></c></row>';
    expect((await blocks({ ...sheet(rows), styles }))[1]?.[1]).toBe('| 2023-07-16 | 12.34% | € 1,234.50 | TRUE | #DIV/0! | 2 | 2023-07-16 12:00 | text | 0.3 |');
    expect((await blocks({ ...sheet('<row><c s="1"><v>43661</v></c><c><v>1</v></c></row>'), styles, properties: 'date1904="1"' }))[1]?.[1]).toBe('| 2023-07-16 | 1 |');
  });

  it('reads shared texts with their runs, without marks of pronunciation', async () => {
    const strings = ['<si><r><t>Two </t></r><r><t>runs</t></r></si>', '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>', '<si><t>a_x000D__x005F_b</t></si>'];
    expect((await blocks({ ...sheet('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>'), strings }))[1]?.[1]).toBe('| Two runs | 東京 | a _b |');
  });

  it('repeats the header in every group of rows', async () => {
    const grid = [['Product name', 'Units', 'Price'], ...Array.from({ length: 100 }, (_, index) => [`Product ${index}`, index, index + 0.5])];
    const tables = (await blocks(sheet(rowsOf(grid)))).slice(1);
    expect(tables.length).toBeGreaterThan(3);
    for (const [kind, text] of tables) expect([kind, text.startsWith('| Product name | Units | Price |\n| --- | --- | --- |\n| Product ')]).toEqual(['table', true]);
    expect(tables.map(([, text]) => text.split('\n').length - 2).reduce((sum, rows) => sum + rows, 0)).toBe(100);
  });

  it('writes rows too wide for a line cell by cell, each part with the cell that names the row', async () => {
    const columns = Array.from({ length: 26 }, (_, index) => `A rather long name of column number ${index}`);
    const tables = (await blocks(sheet(rowsOf([columns, columns.map((_, index) => (index === 0 ? 'Row one' : `some value that takes its room ${index}`))])))).slice(1);
    expect(tables.length).toBeGreaterThan(1);
    for (const [, text] of tables) expect(text).toMatch(/^A rather long name of column number 0: Row one\nA rather long name of column number \d+: some value/);
    expect(tables.at(-1)?.[1]).toContain('A rather long name of column number 25: some value that takes its room 25');
  });

  it('spreads merged headers over their columns and merged labels over their rows', async () => {
    const rows = rowsOf([['Region', '2023', undefined], [undefined, 'Units', 'Price'], ['North', 1, 2], [undefined, 3, 4]]);
    const merges = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="A3:A4"/></mergeCells>';
    expect((await blocks(sheet(rows, merges)))[1]?.[1]).toBe('| Region | 2023 / Units | 2023 / Price |\n| --- | --- | --- |\n| North | 1 | 2 |\n| North | 3 | 4 |');
  });

  it('finds captions, several tables below and beside each other, and notes', async () => {
    const top = rowsOf([['Stock of all stores'], [undefined], ['Item', 'Count', undefined, 'Store', 'Staff'], ['Nut', 5, undefined, 'Ulm', 3], ['Bolt', 6, undefined, 'Trier', 4]]);
    const below = rowsOf([['Supplier', 'Orders'], ['Acme', 7], ['Prices without tax']], 8);
    expect(await blocks(sheet(top + below))).toEqual([
      ['heading1', 'S'], ['heading2', 'Stock of all stores'],
      ['table', '| Item | Count |\n| --- | --- |\n| Nut | 5 |\n| Bolt | 6 |'], ['table', '| Store | Staff |\n| --- | --- |\n| Ulm | 3 |\n| Trier | 4 |'],
      ['table', '| Supplier | Orders |\n| --- | --- |\n| Acme | 7 |\n| Prices without tax | |'],
    ]);
  });

  it('loses a broken sheet, not the workbook', async () => {
    const parsed = await parseDocument(xlsx({ sheets: [{ name: 'Bad', rows: '<row><c><v>1' }, { name: 'Good', rows: rowsOf([['a', 'b'], ['c', 1]]) }] }), noHints);
    expect(parsed.text).toBe('Good\n\n| a | b |\n| --- | --- |\n| c | 1 |');
    expect(parsed.lostPages).toMatchObject([{ page: 1, failure: { code: 'CORRUPT_DOCUMENT', message: 'Sheet 1 (“Bad”) is damaged and was not read to its end.' } }]);
    expect((await failureOf(xlsx(sheet('<row>')))).code).toBe('CORRUPT_DOCUMENT');
  });

  it('costs what it holds, not the span of its cells', async () => {
    const before = performance.now();
    const rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>near</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far away</t></is></c></row>';
    expect((await blocks(sheet(rows, '<mergeCells><mergeCell ref="B1:XFD1048576"/></mergeCells>')))[1]?.[1]).toBe('near\nfar away');
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('is refused when it holds nothing, or is no workbook', async () => {
    expect((await failureOf(xlsx(sheet('')))).code).toBe('EMPTY_DOCUMENT');
    expect((await failureOf(xlsx(sheet('<row><c s="3"><v></v></c></row>')))).code).toBe('EMPTY_DOCUMENT');
    expect((await failureOf(xlsx({ ...sheet(''), more: { 'xl/workbook.xml': Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><workbook/>') } }))).message).toBe('The file declares entities of its own and is refused.');
  });
});
