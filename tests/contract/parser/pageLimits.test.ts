import { afterEach, describe, expect, it } from 'vitest';
import { createParserPool } from '../../../src/adapters/parser/parserPool.ts';
import type { ParserPoolOptions } from '../../../src/adapters/parser/parserPoolOptions.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { DocumentParser } from '../../../src/ports/documentParser.ts';
import type { TextRecogniser } from '../../../src/ports/textRecogniser.ts';
import { makePdf } from '../../unit/documents/makePdf.ts';

const noHints = { mediaType: undefined, fileName: undefined, url: undefined };
const text = (words: string) => [{ x: 72, y: 700, text: words }];

let pool: DocumentParser | undefined;
function open(options: Partial<ParserPoolOptions> = {}): DocumentParser {
  pool = createParserPool({ threads: 1, timeoutSeconds: 60, pageTimeoutSeconds: 2, memoryMegabytes: 1024, ...options });
  return pool;
}
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

describe('a page beyond the limits', () => {
  it('that never ends is left out and named, and the others are read', async () => {
    const parsed = await open().parse(makePdf([text('First'), 'endless', text('Third'), 'damaged', text('Fifth')]), noHints);
    expect(parsed.text).toBe('First\n\nThird\n\nFifth');
    expect(parsed.pageCount).toBe(5);
    expect(parsed.lostPages.map(({ page, failure }) => [page, failure.code, failure.message])).toEqual([
      [2, 'PARSE_LIMIT_EXCEEDED', 'Page 2 took longer than the 2 seconds allowed for a page and was left out.'],
      [4, 'CORRUPT_DOCUMENT', 'Page 4 is damaged and was left out.'],
    ]);
  }, 60_000);

  it('that needs too much memory is left out and named', async () => {
    const crowded = Array.from({ length: 400_000 }, (_, index) => ({ x: index % 500, y: Math.floor(index / 500), text: `w${index}`, size: 1 }));
    const parsed = await open({ memoryMegabytes: 200, pageTimeoutSeconds: 50 }).parse(makePdf([text('First'), crowded, text('Third')]), noHints);
    expect(parsed.text).toBe('First\n\nThird');
    expect(parsed.lostPages).toMatchObject([{ page: 2, failure: { code: 'PARSE_LIMIT_EXCEEDED', message: 'Page 2 needed more than the 200 MB of memory allowed and was left out.' } }]);
  }, 60_000);

  it('ends the document when all its pages are so, or too many', async () => {
    const parser = open();
    await expect(parser.parse(makePdf(['endless']), noHints)).rejects.toMatchObject({ code: 'PARSE_LIMIT_EXCEEDED', message: 'Page 1 took longer than the 2 seconds allowed for a page and was left out.' });
    await expect(parser.parse(makePdf([text('One'), ...Array.from({ length: 4 }, () => 'endless' as const)]), noHints)).rejects.toMatchObject({ code: 'PARSE_LIMIT_EXCEEDED', message: 'More than 3 pages could not be read within the limits of time and memory.' });
    expect((await parser.parse(makePdf([text('Next')]), noHints)).text).toBe('Next');
  }, 60_000);

  it('does not take time from a document of many pages', async () => {
    const pages = Array.from({ length: 400 }, (_, page) => Array.from({ length: 50 }, (_unused, row) => ({ x: 72, y: 740 - row * 13, text: `Line ${row} of page ${page} goes on for a while and then ends somewhere` })));
    const parsed = await open({ pageTimeoutSeconds: 5 }).parse(makePdf(pages), noHints);
    expect(parsed.lostPages).toEqual([]);
    expect(parsed.pageCount).toBe(400);
  }, 60_000);
});

describe('recognition of a parser thread', () => {
  const word = { text: 'Recognised', left: 300, top: 300, width: 200, height: 30, block: 1, line: 1 };

  it('is done on the side of the pool, and its settings name the outcome', async () => {
    const pictures: number[] = [];
    const recogniser: TextRecogniser = { settings: 'test 1', mostPages: 5, recognise: (picture) => { pictures.push(picture.length); return Promise.resolve([word]); } };
    const parser = open({ recogniser, pageTimeoutSeconds: 30 });
    expect(parser.settings).toBe('test 1');
    const parsed = await parser.parse(makePdf([text('First'), 'picture', 'picture']), noHints);
    expect(parsed.text).toBe('First\n\nRecognised\n\nRecognised');
    expect(parsed.recognisedPages).toEqual([2, 3]);
    expect(pictures).toHaveLength(2);
    expect(open().settings).toBeUndefined();
    await parser.close();
  }, 60_000);

  /** Answers nothing until it is told to stop. */
  function endless(signals: AbortSignal[]): TextRecogniser {
    return {
      settings: 'never', mostPages: 5,
      recognise: (_picture, signal) => {
        signals.push(signal);
        return new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(new CatalystError('PARSE_LIMIT_EXCEEDED', 'too long')); }); });
      },
    };
  }

  it('takes no more than its share of the time of the document', async () => {
    const parsed = await open({ recogniser: endless([]), timeoutSeconds: 15, pageTimeoutSeconds: 15 }).parse(makePdf([text('First'), 'picture']), noHints);
    expect(parsed).toMatchObject({ text: 'First', lostPages: [{ page: 2, failure: { code: 'PARSE_LIMIT_EXCEEDED', message: 'Page 2 holds pictures only; recognising its text took too long.' } }] });
  }, 60_000);

  it('is ended with the thread', async () => {
    const signals: AbortSignal[] = [];
    const parser = open({ recogniser: endless(signals), pageTimeoutSeconds: 30 });
    const parsing = parser.parse(makePdf([text('First'), 'picture']), noHints);
    while (signals.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([expect(parsing).rejects.toMatchObject({ code: 'SHUTTING_DOWN' }), parser.close()]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  }, 60_000);
});
