import { afterEach, describe, expect, it } from 'vitest';
import { createParserPool } from '../../../src/adapters/parser/parserPool.ts';
import type { ParserPoolOptions } from '../../../src/adapters/parser/parserPoolOptions.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { parsedDocumentSchema } from '../../../src/contracts/parsed.ts';
import type { DocumentParser } from '../../../src/ports/documentParser.ts';
import { makePdf } from '../../unit/documents/makePdf.ts';

const noHints = { mediaType: undefined, fileName: undefined, url: undefined };
const markdown = Buffer.from('# Title\n\nText.\n');

/** Formatting that is never closed: browsers' rules repeat it in every paragraph, so that the page grows by the square of its length. */
const explosive = Buffer.from(`<html><body>${Array.from({ length: 20_000 }, (_, index) => `<font color="${index}">x<p>`).join('')}`);

let pool: DocumentParser | undefined;
function open(options: Partial<ParserPoolOptions> = {}): DocumentParser {
  pool = createParserPool({ threads: 1, timeoutSeconds: 60, pageTimeoutSeconds: 30, memoryMegabytes: 512, ...options });
  return pool;
}
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

async function codeOf(parsing: Promise<unknown>): Promise<string> {
  try {
    await parsing;
    return 'parsed';
  } catch (thrown) {
    if (!(thrown instanceof CatalystError)) throw thrown;
    return thrown.code;
  }
}

describe('the parser pool', () => {
  it('parses in a thread and gives back what the contract says', async () => {
    const parser = open();
    const parsed = await parser.parse(makePdf([[{ x: 72, y: 700, text: 'Text of the page' }]]), noHints);
    expect(parsedDocumentSchema.parse(parsed)).toEqual(parsed);
    expect(parsed).toMatchObject({ mediaType: 'application/pdf', text: 'Text of the page', pageCount: 1 });
  });

  it('tells how long a thread computed, for a document that cannot be read too', async () => {
    const parser = open();
    const seconds: number[] = [];
    const startedAt = performance.now();
    await parser.parse(Buffer.from(`# Title\n\n${'A paragraph with *some* markup and [a link](https://a.test/). '.repeat(2_000)}`), { ...noHints, fileName: 'a.md' }, (one) => seconds.push(one));
    const elapsed = (performance.now() - startedAt) / 1000;
    await codeOf(parser.parse(Buffer.from('%PDF-1.7\n%%EOF'), noHints, (one) => seconds.push(one)));
    expect(seconds).toHaveLength(2);
    expect(seconds[0]).toBeGreaterThan(0.002);
    expect(seconds[0]).toBeLessThan(elapsed);
    expect(seconds[1]).toBeGreaterThan(0);
    expect(seconds[1]).toBeLessThan(seconds[0] ?? 0);
  });

  it('leaves the bytes with the caller', async () => {
    const bytes = new Uint8Array(markdown);
    await open().parse(bytes, { ...noHints, fileName: 'a.md' });
    expect(Buffer.from(bytes).equals(markdown)).toBe(true);
  });

  it('throws the errors of parsing with their code and sentence', async () => {
    const parser = open();
    await expect(parser.parse(new Uint8Array(0), noHints)).rejects.toMatchObject({ name: 'CatalystError', code: 'EMPTY_DOCUMENT', message: 'The document has no bytes.' });
    expect(await codeOf(parser.parse(Buffer.from('%PDF-1.7\n%%EOF'), noHints))).toBe('CORRUPT_DOCUMENT');
    expect(await codeOf(parser.parse(Buffer.from('{\\rtf1 x}'), noHints))).toBe('UNSUPPORTED_TYPE');
    expect(await codeOf(parser.parse(makePdf(['picture']), noHints))).toBe('NO_TEXT_LAYER');
  });

  it('ends a document that takes too long, and goes on with the next', async () => {
    const parser = open({ timeoutSeconds: 3, memoryMegabytes: 16_384 });
    const started = performance.now();
    await expect(parser.parse(explosive, noHints)).rejects.toMatchObject({ code: 'PARSE_LIMIT_EXCEEDED', message: 'Parsing took longer than the 3 seconds allowed.' });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect((await parser.parse(markdown, { ...noHints, mediaType: 'text/markdown' })).title).toBe('Title');
  }, 30_000);

  it('ends a document that takes too much memory, and goes on with the next', async () => {
    const parser = open({ memoryMegabytes: 128 });
    await expect(parser.parse(explosive, noHints)).rejects.toMatchObject({ code: 'PARSE_LIMIT_EXCEEDED', message: 'Parsing needed more than the 128 MB of memory allowed.' });
    expect((await parser.parse(markdown, { ...noHints, mediaType: 'text/markdown' })).title).toBe('Title');
  }, 60_000);

  it('does not count waiting for a thread as parsing', async () => {
    const parser = open({ timeoutSeconds: 4, memoryMegabytes: 16_384 });
    const results = await Promise.all([codeOf(parser.parse(explosive, noHints)), codeOf(parser.parse(explosive, noHints)), codeOf(parser.parse(markdown, { ...noHints, mediaType: 'text/markdown' }))]);
    expect(results).toEqual(['PARSE_LIMIT_EXCEEDED', 'PARSE_LIMIT_EXCEEDED', 'parsed']);
  }, 60_000);

  it('ends running and waiting documents when it is closed, as a retry elsewhere can parse them', async () => {
    const parser = open();
    const results = [codeOf(parser.parse(explosive, noHints)), codeOf(parser.parse(markdown, noHints))];
    await new Promise((resolve) => setTimeout(resolve, 300));
    await parser.close();
    expect(await Promise.all(results)).toEqual(['SHUTTING_DOWN', 'SHUTTING_DOWN']);
  }, 30_000);

  it('keeps the event loop free while it parses', async () => {
    const parser = open();
    const page = Buffer.from(`<html><body>${'<p>A paragraph of a long page.</p>'.repeat(30_000)}`);
    let ticks = 0;
    const timer = setInterval(() => { ticks += 1; }, 5);
    await parser.parse(page, noHints);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  }, 60_000);
});
