import { expect, test } from 'vitest';
import type { FetchedDocument, SourceReader } from '../../../src/ports/sourceReader.ts';

/** What a page does when it is asked for, whoever asks. */
export interface Page {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string;
  readonly delayMs?: number;
  readonly redirectTo?: string;
}

export interface ReaderUnderTest {
  /** With a limit of 1,000,000 bytes and 1 s a page. */
  readonly reader: SourceReader;
  /** Puts pages on the web that the reader sees, and names the address of a page. */
  publish(path: string, page: Page): string;
  /** An address whose host name nobody knows. */
  readonly unknownHost: string;
}

/** A read that must deliver: fails the test where the answer is that nothing changed. */
export async function readDocument(reader: SourceReader, url: string, signal = new AbortController().signal): Promise<FetchedDocument> {
  const answer = await reader.read(url, signal);
  if ('notModified' in answer) throw new Error(`${url} was answered as not modified, though no validators were sent`);
  return answer;
}

/** What holds for every SourceReader. */
export function describeSourceReader(underTest: () => ReaderUnderTest): void {
  const read = (url: string, signal?: AbortSignal) => readDocument(underTest().reader, url, signal);

  test('delivers a page with its type, address and time', async () => {
    const url = underTest().publish('/page', { status: 200, body: 'the text of the page – äöü' });
    const before = Date.now();
    const document = await read(url);
    expect(Buffer.from(document.bytes).toString()).toContain('the text of the page – äöü');
    expect(document.mediaType).toMatch(/^text\/(plain|markdown); charset=utf-8$/);
    expect(document.record.finalUrl).toBe(url);
    expect(Date.parse(document.record.fetchedAt)).toBeGreaterThanOrEqual(before - 1);
  });

  test('an empty page is an empty document, not an error', async () => {
    const document = await read(underTest().publish('/empty', { status: 200, body: '' }));
    expect(document.bytes.byteLength).toBe(0);
  });

  test('names the address after redirects', async () => {
    const target = underTest().publish('/target', { status: 200, body: 'here' });
    const document = await read(underTest().publish('/moved', { status: 302, body: '', redirectTo: target }));
    expect(document.record.finalUrl).toBe(target);
  });

  test.each([
    [404, 'FETCH_NOT_FOUND'],
    [410, 'FETCH_NOT_FOUND'],
    [401, 'FETCH_REFUSED'],
    [403, 'FETCH_REFUSED'],
    [451, 'FETCH_REFUSED'],
    [400, 'FETCH_REFUSED'],
    [429, 'FETCH_RATE_LIMITED'],
    [500, 'FETCH_FAILED'],
    [503, 'FETCH_FAILED'],
  ])('a page that answers %d is %s, though it has a body', async (status, code) => {
    const url = underTest().publish(`/status-${status}`, { status, body: 'an error page with text' });
    await expect(read(url)).rejects.toMatchObject({ code, message: expect.stringContaining(String(status)) as string });
  });

  test('a page that takes too long is FETCH_TIMEOUT', async () => {
    const url = underTest().publish('/slow', { status: 200, body: 'late', delayMs: 5_000 });
    await expect(read(url)).rejects.toMatchObject({ code: 'FETCH_TIMEOUT' });
  });

  test('a caller who gives up gets CANCELLED at once', async () => {
    const url = underTest().publish('/abandoned', { status: 200, body: 'late', delayMs: 5_000 });
    const started = performance.now();
    await expect(read(url, AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(read(url, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - started).toBeLessThan(900);
  });

  test('a host that nobody knows is FETCH_UNREACHABLE', async () => {
    await expect(read(underTest().unknownHost)).rejects.toMatchObject({ code: 'FETCH_UNREACHABLE' });
  });

  test('a page over the limit is DOCUMENT_TOO_LARGE', async () => {
    const url = underTest().publish('/large', { status: 200, body: 'x'.repeat(1_000_001) });
    await expect(read(url)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
    const fits = underTest().publish('/fits', { status: 200, body: 'x'.repeat(1_000_000) });
    expect((await read(fits)).bytes.byteLength).toBe(1_000_000);
  });

  test.each([
    'file:///etc/passwd',
    'ftp://example.org/x',
    'gopher://example.org/',
    'javascript:alert(1)',
    'http://user:secret@example.org/',
    'not an address',
    '',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://[::1]/',
    'http://[fd00::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://0x0a000001/',
    'http://012.0.0.1/',
    'http://167772161/',
    'http://10.1/',
    'http://0.0.0.0/',
  ])('%j is URL_FORBIDDEN', async (url) => {
    const error: unknown = await read(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'URL_FORBIDDEN' });
    expect((error as Error).message).not.toContain('secret');
  });
}
