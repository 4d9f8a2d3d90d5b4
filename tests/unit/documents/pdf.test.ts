import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/documents/parse.ts';
import { column, makePdf } from './makePdf.ts';
import { blocksOf, failureOf, noHints } from './parsing.ts';

const pdf = (...pages: Parameters<typeof makePdf>[0]) => parseDocument(makePdf(pages), noHints);
const filler = (name: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${name} line ${index} goes over the width of the column`);

describe('PDF', () => {
  it('has paragraphs by gaps, joins divided words and keeps their own hyphens', async () => {
    const parsed = await pdf([
      ...column(72, 700, ['The retrieval of docu-', 'ments in open-', 'domain search is state-of-', 'the-art and ends here.']),
      ...column(72, 600, ['A second paragraph stands', 'further down.']),
    ]);
    expect(blocksOf(parsed)).toEqual([
      ['paragraph', 'The retrieval of documents in opendomain search is state-of-the-art and ends here.'],
      ['paragraph', 'A second paragraph stands further down.'],
    ]);
    expect(parsed).toMatchObject({ mediaType: 'application/pdf', pageCount: 1, lostPages: [] });
  });

  it('tells headings by type size, and takes the largest for the title', async () => {
    const parsed = await pdf([
      { x: 72, y: 720, text: 'On searching', size: 20 }, { x: 72, y: 680, text: '1 Introduction', size: 14 }, ...column(72, 655, filler('Intro', 6)),
      { x: 72, y: 560, text: '2 Method', size: 14 }, ...column(72, 535, filler('Method', 6)),
    ]);
    expect(parsed.title).toBe('On searching');
    expect(blocksOf(parsed).map(([kind, text]) => [kind, text.slice(0, 14)])).toEqual([
      ['heading1', 'On searching'], ['heading2', '1 Introduction'], ['paragraph', 'Intro line 0 g'], ['heading2', '2 Method'], ['paragraph', 'Method line 0 '],
    ]);
  });

  it('reads columns one after the other, below a title and above a note across both', async () => {
    const left = filler('Left', 12);
    const right = filler('Right', 12);
    // Line by line across the page, as some programs write it.
    const lines = left.flatMap((text, index) => [{ x: 50, y: 700 - index * 12, text }, { x: 320, y: 700 - index * 12, text: right[index] ?? '' }]);
    const { text } = await pdf([{ x: 100, y: 740, text: 'A title that stands across both of the columns below it', size: 16 }, ...lines, { x: 50, y: 500, text: 'A note that stands across both of the columns above it, from the left edge to the right edge' }]);
    const order = ['A title', 'Left line 0', 'Left line 11', 'Right line 0', 'Right line 11', 'A note'].map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((first, second) => first - second));
  });

  it('makes rows of short pieces a table', async () => {
    const rows = [['Name', 'Year', 'Share'], ['North', '2021', '12 %'], ['South', '2022', '40 %'], ['East', '2023', '8 %']];
    const parsed = await pdf([...column(72, 720, ['Figures of the last years follow below.']), ...rows.flatMap((row, index) => row.map((text, place) => ({ x: 72 + place * 120, y: 660 - index * 14, text })))]);
    expect(blocksOf(parsed)[1]).toEqual(['table', '| Name | Year | Share |\n| --- | --- | --- |\n| North | 2021 | 12 % |\n| South | 2022 | 40 % |\n| East | 2023 | 8 % |']);
  });

  it('puts further lines of a cell into the cell, the last of the table as well', async () => {
    const at = (x: number, y: number, text: string) => ({ x, y, text });
    const parsed = await pdf([
      at(72, 660, 'Kind'), at(200, 660, 'Shops'), at(72, 644, 'Coffee'), at(200, 644, 'Northern Star,'), at(200, 632, 'The Long Bar of the Harbour'),
      at(72, 616, 'Bread'), at(200, 616, 'Mill'), at(72, 600, 'Fuel'), at(200, 600, 'East Road,'), at(200, 588, 'West Road'), ...column(72, 540, ['A line below the table, which is no part of it and is long.']),
    ]);
    expect(blocksOf(parsed)).toEqual([
      ['table', '| Kind | Shops |\n| --- | --- |\n| Coffee | Northern Star, The Long Bar of the Harbour |\n| Bread | Mill |\n| Fuel | East Road, West Road |'],
      ['paragraph', 'A line below the table, which is no part of it and is long.'],
    ]);
  });

  it('names a page whose content cannot be unpacked, and takes an empty one for blank', async () => {
    const parsed = await pdf([{ x: 72, y: 700, text: 'First' }], 'damaged', []);
    expect(parsed.lostPages).toMatchObject([{ page: 2, failure: { code: 'CORRUPT_DOCUMENT', message: 'Page 2 is damaged and was left out.' } }]);
    expect((await failureOf(makePdf(['damaged']))).code).toBe('CORRUPT_DOCUMENT');
  });

  it('drops running lines and page numbers', async () => {
    const parsed = await pdf(...[1, 2, 3, 4].map((page) => [{ x: 72, y: 770, text: 'Annual report' }, ...column(72, 700, filler(`Page${page}`, 5)), { x: 300, y: 20, text: `${page}` }]));
    expect(parsed.text).not.toContain('Annual report');
    expect(parsed.blocks.map(({ page }) => page)).toEqual([1, 2, 3, 4]);
    expect(parsed.text).not.toMatch(/^\d$/m);
  });

  it('reads turned text after the upright', async () => {
    const parsed = await pdf([{ x: 30, y: 200, text: 'Stamp in the margin', turned: 90 }, ...column(72, 700, filler('Upright', 5))]);
    expect(blocksOf(parsed).map(([kind]) => kind)).toEqual(['paragraph', 'paragraph']);
    expect(parsed.text).toMatch(/^Upright.*Stamp in the margin$/s);
  });

  it('leaves out pages that cannot be read, and names them', async () => {
    const text = (words: string) => [{ x: 72, y: 700, text: words }];
    const parsed = await pdf(text('First page'), 'picture', text('Third page'), [], 'broken');
    expect(parsed.text).toBe('First page\n\nThird page');
    expect(parsed.pageCount).toBe(5);
    expect(parsed.lostPages).toMatchObject([{ page: 2, failure: { code: 'NO_TEXT_LAYER' } }, { page: 5, failure: { code: 'CORRUPT_DOCUMENT' } }]);
  });

  it('takes the title of its properties, unless a program made it up', async () => {
    const page = [{ x: 72, y: 700, text: 'Text of the page' }];
    expect((await parseDocument(makePdf([page], '/Title (A study of search)'), noHints)).title).toBe('A study of search');
    expect((await parseDocument(makePdf([page], '/Title (Microsoft Word - a.docx)'), noHints)).title).toBeUndefined();
  });

  it('is refused without text or without a readable page', async () => {
    expect((await failureOf(makePdf(['picture']))).code).toBe('NO_TEXT_LAYER');
    expect((await failureOf(makePdf(['broken']))).code).toBe('CORRUPT_DOCUMENT');
  });

  it('leaves the bytes of the caller alone', async () => {
    const bytes = new Uint8Array(makePdf([[{ x: 72, y: 700, text: 'Text' }]]));
    const before = bytes.slice();
    await parseDocument(bytes, noHints);
    expect(bytes).toEqual(before);
  });
});
