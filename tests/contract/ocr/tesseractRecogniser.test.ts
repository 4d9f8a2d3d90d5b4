import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createTesseractRecogniser } from '../../../src/adapters/ocr/tesseractRecogniser.ts';
import type { TesseractOptions } from '../../../src/adapters/ocr/tesseractRecogniser.ts';
import { createParserPool } from '../../../src/adapters/parser/parserPool.ts';
import { openPdf } from '../../../src/documents/pdf/openPdf.ts';
import { renderPage } from '../../../src/documents/pdf/renderPage.ts';
import type { DocumentParser } from '../../../src/ports/documentParser.ts';
import { scanOf } from '../../support/scannedPdf.ts';
import { column, makePdf } from '../../unit/documents/makePdf.ts';

const isInstalled = spawnSync('tesseract', ['--list-langs']).stdout?.toString().split('\n').includes('eng') ?? false;
const options: TesseractOptions = { program: 'tesseract', languages: 'eng', mostPages: 5, pageTimeoutSeconds: 30 };
const letter = column(72, 700, ['The board met on the third of March and agreed', 'that the invoice of 4,250 dollars is paid at once.'], 14);

let pool: DocumentParser | undefined;
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

async function pictureOf(pdf: Uint8Array): Promise<Uint8Array> {
  const opened = await openPdf(pdf);
  try {
    return (await renderPage(opened.document, 1)).png;
  } finally {
    await opened.close();
  }
}

describe.skipIf(!isInstalled)(`Tesseract${isInstalled ? '' : ' (skipped: the program tesseract with its data for English is not installed)'}`, () => {
  it('reads the words of a picture with their places', async () => {
    const recogniser = await createTesseractRecogniser(options);
    const words = await recogniser.recognise(await pictureOf(makePdf([letter])), AbortSignal.timeout(30_000));
    expect(words.map(({ text }) => text).join(' ')).toBe('The board met on the third of March and agreed that the invoice of 4,250 dollars is paid at once.');
    expect(new Set(words.map(({ line }) => line)).size).toBe(2);
    // 72 points from the edge, at 300 dots an inch.
    expect(Math.abs((words[0]?.left ?? 0) - 300)).toBeLessThan(10);
    expect(await recogniser.recognise(await pictureOf(makePdf([[]])), AbortSignal.timeout(30_000))).toEqual([]);
    expect(recogniser.settings).toMatch(/^tesseract \d.* eng 5 pages$/);
  }, 60_000);

  it('makes a scan a document, page by page, beside pages with text', async () => {
    pool = createParserPool({ threads: 1, timeoutSeconds: 60, pageTimeoutSeconds: 30, memoryMegabytes: 1024, recogniser: await createTesseractRecogniser(options) });
    const parsed = await pool.parse(makePdf([[{ x: 72, y: 700, text: 'A page with text' }], await scanOf(letter)]), { mediaType: undefined, fileName: undefined, url: undefined });
    expect(parsed.text).toBe('A page with text\n\nThe board met on the third of March and agreed that the invoice of 4,250 dollars is paid at once.');
    expect(parsed).toMatchObject({ recognisedPages: [2], lostPages: [] });
  }, 60_000);

  it('ends the program when it takes too long', async () => {
    const picture = await pictureOf(makePdf([column(40, 760, Array.from({ length: 60 }, (_, row) => `Row ${row} of a page that is full of words to be read by the program`), 10)]));
    const recogniser = await createTesseractRecogniser({ ...options, pageTimeoutSeconds: 0.05 });
    const started = performance.now();
    await expect(recogniser.recognise(picture, AbortSignal.timeout(30_000))).rejects.toMatchObject({ code: 'PARSE_LIMIT_EXCEEDED' });
    expect(performance.now() - started).toBeLessThan(1000);
    await expect((await createTesseractRecogniser(options)).recognise(picture, AbortSignal.abort())).rejects.toMatchObject({ code: 'PARSE_LIMIT_EXCEEDED' });
  }, 60_000);

  it('fails as a whole where the program does, rather than finding no words', async () => {
    const recogniser = await createTesseractRecogniser(options);
    await expect(recogniser.recognise(Buffer.from('no picture'), AbortSignal.timeout(30_000))).rejects.toMatchObject({ code: 'INTERNAL' });
  }, 60_000);

  it('needs data for its languages', async () => {
    await expect(createTesseractRecogniser({ ...options, languages: 'eng+xyz' })).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID', message: expect.stringContaining('no data for the language xyz') as unknown });
  }, 60_000);
});

describe('a machine without the program', () => {
  it('is told at the start', async () => {
    await expect(createTesseractRecogniser({ ...options, program: 'tesseract-that-is-not-there' })).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID', message: expect.stringContaining('CATALYST_OCR_PATH') as unknown });
  });
});
