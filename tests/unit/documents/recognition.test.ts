import { describe, expect, it } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { parseDocument } from '../../../src/documents/parse.ts';
import type { PageRecogniser } from '../../../src/documents/parseTools.ts';
import type { RecognisedWord } from '../../../src/ports/textRecogniser.ts';
import { makePdf } from './makePdf.ts';
import { blocksOf, noHints } from './parsing.ts';

/** Pixels of a point in pictures drawn for recognition. */
const scale = 300 / 72;

/** Words of a line in their places, as a program names them: boxes as high as the letters. */
function line(number: number, block: number, x: number, top: number, text: string, size = 10): RecognisedWord[] {
  let left = x;
  return text.split(' ').map((word) => {
    const width = word.length * size * 0.5;
    const recognised = { text: word, left: left * scale, top: top * scale, width: width * scale, height: size * 0.7 * scale, block, line: number };
    left += width + size * 0.3;
    return recognised;
  });
}

/** Gives the same words for every picture, and counts the pictures. */
function recogniserOf(words: readonly RecognisedWord[], mostPages = 10): PageRecogniser & { readonly pictures: Uint8Array[] } {
  const pictures: Uint8Array[] = [];
  return { mostPages, pictures, recognise: (picture) => { pictures.push(picture); return Promise.resolve([...words]); } };
}
const text = (words: string) => [{ x: 72, y: 700, text: words }];

describe('pages that are pictures', () => {
  it('are drawn and read where recognition is switched on, in their place, and marked', async () => {
    const recogniser = recogniserOf(line(1, 1, 72, 90, 'Text of the scan'));
    const parsed = await parseDocument(makePdf([text('First page'), 'picture', text('Third page')]), noHints, { recogniser });
    expect(recogniser.pictures.map((picture) => Buffer.from(picture).subarray(1, 4).toString())).toEqual(['PNG']);
    expect(parsed.text).toBe('First page\n\nText of the scan\n\nThird page');
    expect(parsed.blocks.map(({ page }) => page)).toEqual([1, 2, 3]);
    expect(parsed).toMatchObject({ lostPages: [], recognisedPages: [2] });
  });

  it('keep blocks apart, and give headings and tables', async () => {
    const cells = [['Name', 'Year'], ['North', '2021'], ['South', '2022'], ['East', '2023']].flatMap(([name = '', year = ''], row) => [...line(10 + row, 3, 72, 400 + row * 14, name), ...line(10 + row, 3, 250, 400 + row * 14, year)]);
    const words = [
      ...line(1, 1, 72, 60, 'A Large Heading', 24),
      ...[0, 1, 2, 3].flatMap((row) => line(2 + row, 2, 72, 120 + row * 12, `Line ${row} of the left column which goes on`)),
      ...cells,
    ];
    const parsed = await parseDocument(makePdf(['picture']), noHints, { recogniser: recogniserOf(words) });
    expect(blocksOf(parsed)).toEqual([
      ['heading1', 'A Large Heading'],
      ['paragraph', [0, 1, 2, 3].map((row) => `Line ${row} of the left column which goes on`).join(' ')],
      ['table', '| Name | Year |\n| --- | --- |\n| North | 2021 |\n| South | 2022 |\n| East | 2023 |'],
    ]);
  });

  it('leave out specks and words that run up the margin', async () => {
    const turned = { text: 'arXiv', left: 20, top: 300, width: 40, height: 400, block: 1, line: 1 };
    const speck = { text: '|', left: 900, top: 300, width: 4, height: 40, block: 2, line: 2 };
    const parsed = await parseDocument(makePdf(['picture']), noHints, { recogniser: recogniserOf([turned, speck, ...line(3, 3, 72, 90, 'Words')]) });
    expect(parsed.text).toBe('Words');
  });

  it('stay lost beyond the limit, without words, or when recognition takes too long; anything else ends the document', async () => {
    const limited = await parseDocument(makePdf([text('One'), 'picture', 'picture']), noHints, { recogniser: recogniserOf(line(1, 1, 72, 90, 'Scan'), 1) });
    expect(limited).toMatchObject({ recognisedPages: [2], lostPages: [{ page: 3, failure: { code: 'NO_TEXT_LAYER', message: 'Page 3 holds pictures only; text is recognised on the first 1 such pages of a document.' } }] });
    const wordless = await parseDocument(makePdf([text('One'), 'picture']), noHints, { recogniser: recogniserOf([]) });
    expect(wordless.lostPages).toMatchObject([{ page: 2, failure: { code: 'NO_TEXT_LAYER' } }]);
    expect(wordless.recognisedPages).toBeUndefined();
    const failing = (code: 'PARSE_LIMIT_EXCEEDED' | 'INTERNAL'): PageRecogniser => ({ mostPages: 9, recognise: () => Promise.reject(new CatalystError(code, 'no')) });
    const slow = await parseDocument(makePdf([text('One'), 'picture']), noHints, { recogniser: failing('PARSE_LIMIT_EXCEEDED') });
    expect(slow.lostPages).toMatchObject([{ page: 2, failure: { code: 'PARSE_LIMIT_EXCEEDED' } }]);
    await expect(parseDocument(makePdf([text('One'), 'picture']), noHints, { recogniser: failing('INTERNAL') })).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(parseDocument(makePdf(['picture']), noHints, { recogniser: recogniserOf([]) })).rejects.toMatchObject({ code: 'NO_TEXT_LAYER' });
  });
});
