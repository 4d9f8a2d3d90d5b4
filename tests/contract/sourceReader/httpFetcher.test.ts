import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isPublicAddress } from '../../../src/adapters/shared/addressRules.ts';
import type { HttpClientOptions } from '../../../src/adapters/fetch/httpClient.ts';
import { createHttpFetcher } from '../../../src/adapters/fetch/httpFetcher.ts';
import type { FetchedDocument, SourceReader } from '../../../src/ports/sourceReader.ts';
import { fetchRecordSchema } from '../../../src/contracts/fetched.ts';
import { createInMemoryRateLimiter, type InMemoryRateLimiter } from '../../support/inMemoryRateLimiter.ts';
import { describeSourceReader, readDocument } from './sourceReaderContract.ts';
import { startServer, type Handler, type TestServer } from './testServer.ts';

let site: TestServer;
let pages: Map<string, Handler>;
let asked: { path: string; headers: Record<string, unknown> }[];
const readers: SourceReader[] = [];
/** Loopback counts as public at 127.0.0.1 only: all other private addresses are refused as in production. */
const options: HttpClientOptions = {
  userAgent: 'CatalystTest/1.0 (+https://example.org/bot)',
  timeoutMs: 1_000,
  maximumBytes: 1_000_000,
  maximumRedirects: 5,
  allowPrivateAddresses: false,
  isAllowedAddress: (address) => address === '127.0.0.1' || isPublicAddress(address),
};
let limiter: InMemoryRateLimiter;
const newReader = (changes: Partial<HttpClientOptions> = {}): SourceReader => {
  const reader = createHttpFetcher({ ...options, limiter, ...changes });
  readers.push(reader);
  return reader;
};
let reader: SourceReader;
const read = (path: string, by = reader): Promise<FetchedDocument> => readDocument(by, new URL(path, site.origin).href);
const redirect = (from: string, to: string, status = 302): void => void pages.set(from, (_request, response) => response.writeHead(status, { location: to }).end());
const textOf = ({ bytes }: FetchedDocument): string => Buffer.from(bytes).toString();

beforeAll(async () => {
  site = await startServer((request, response) => {
    asked.push({ path: request.url!, headers: request.headers });
    const handler = pages.get(request.url!);
    if (handler === undefined) response.writeHead(404).end();
    else handler(request, response);
  });
});
beforeEach(() => {
  pages = new Map();
  asked = [];
  limiter = createInMemoryRateLimiter();
  reader = newReader();
});
afterAll(async () => {
  await Promise.all(readers.map((one) => one.close()));
  await site.close();
});

describe('as any source reader', () => {
  describeSourceReader(() => ({
    reader,
    unknownHost: 'http://no-such-host.invalid/',
    publish(path, page) {
      pages.set(path, (_request, response) => {
        const headers = { 'content-type': 'text/plain; charset=utf-8', ...(page.redirectTo === undefined ? {} : { location: page.redirectTo }) };
        setTimeout(() => response.writeHead(page.status, headers).end(page.body), page.delayMs ?? 0);
      });
      return site.origin + path;
    },
  }));
});

describe('type and encoding', () => {
  test('the charset is passed on as the site names it, with the bytes as they are', async () => {
    const latin = Buffer.from('caf\u00e9', 'latin1');
    pages.set('/latin', (_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=ISO-8859-1' }).end(latin));
    pages.set('/wrong', (_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(latin));
    pages.set('/none', (_request, response) => response.writeHead(200).end(latin));
    expect(await read('/latin')).toMatchObject({ mediaType: 'text/html; charset=ISO-8859-1', bytes: latin });
    expect(await read('/wrong')).toMatchObject({ mediaType: 'text/html; charset=utf-8', bytes: latin });
    expect(await read('/none')).toMatchObject({ mediaType: 'application/octet-stream', bytes: latin });
  });

  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (text: string) => Buffer.from(text)],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
  ])('%s', async (encoding, compress) => {
    pages.set('/compressed', (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(compress('unpacked text '.repeat(500))));
    expect(textOf(await read('/compressed'))).toBe('unpacked text '.repeat(500));
  });

  test('"deflate" without its header, as some servers send it', async () => {
    pages.set('/raw', (_request, response) => response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateRawSync('unpacked text')));
    expect(textOf(await read('/raw'))).toBe('unpacked text');
  });

  test.each([
    ['broken', 'gzip', Buffer.from('this is not gzip')],
    ['cut off', 'gzip', gzipSync('some text'.repeat(100)).subarray(0, 30)],
    ['unknown', 'zstd-custom', Buffer.from('x')],
    ['too deep', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync('x')))],
  ])('%s compression is FETCH_FAILED', async (_name, encoding, body) => {
    pages.set('/broken', (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body));
    await expect(read('/broken')).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });
});

describe('the record, and asking whether something changed', () => {
  test('keeps what the server says of the content, and nothing else', async () => {
    pages.set('/page', (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', etag: '"v1"', 'last-modified': 'Mon, 02 Mar 2026 10:00:00 GMT', 'content-language': 'de', 'x-robots-tag': ['noindex', 'noarchive'], 'set-cookie': 'a=b', server: 'x' }).end('text'),
    );
    const { record } = await read('/page');
    expect(record).toMatchObject({ status: 200, finalUrl: `${site.origin}/page`, etag: '"v1"', lastModified: 'Mon, 02 Mar 2026 10:00:00 GMT' });
    expect(record.headers).toMatchObject({ 'content-type': 'text/html', 'content-language': 'de', 'x-robots-tag': 'noindex, noarchive' });
    expect(Object.keys(record.headers)).not.toContain('set-cookie');
    expect(fetchRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  });

  test('304 where the validators still hold; the new content where they do not', async () => {
    pages.set('/page', (request, response) => {
      const holds = request.headers['if-none-match'] === '"v2"' || request.headers['if-modified-since'] === 'Mon, 02 Mar 2026 10:00:00 GMT';
      if (holds) response.writeHead(304, { etag: '"v2"' }).end();
      else response.writeHead(200, { etag: '"v2"' }).end('new text');
    });
    const url = `${site.origin}/page`;
    const { signal } = new AbortController();
    expect(await reader.read(url, signal, { etag: '"v2"' })).toMatchObject({ notModified: true, record: { status: 304, finalUrl: url, etag: '"v2"' } });
    expect(await reader.read(url, signal, { lastModified: 'Mon, 02 Mar 2026 10:00:00 GMT' })).toMatchObject({ notModified: true });
    expect(await reader.read(url, signal, { etag: '"v1"' })).toMatchObject({ bytes: Buffer.from('new text') });
    expect(asked.filter(({ path }) => path === '/robots.txt')[0]?.headers['if-none-match']).toBeUndefined();
  });

  test('after a redirect, too', async () => {
    pages.set('/old', (_request, response) => response.writeHead(301, { location: '/new' }).end());
    pages.set('/new', (_request, response) => response.writeHead(304).end());
    expect(await reader.read(`${site.origin}/old`, new AbortController().signal, { etag: '"v"' })).toMatchObject({ notModified: true, record: { finalUrl: `${site.origin}/new` } });
  });

  test('304 to one who did not ask is FETCH_FAILED', async () => {
    pages.set('/page', (_request, response) => response.writeHead(304).end());
    await expect(read('/page')).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    await expect(reader.read(`${site.origin}/page`, new AbortController().signal, {})).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });
});

describe('limits', () => {
  test('a bomb is refused while it unpacks, without being held in memory', async () => {
    const bomb = gzipSync(Buffer.alloc(300 << 20));
    const twice = gzipSync(gzipSync(Buffer.alloc(300 << 20)));
    pages.set('/bomb', (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    pages.set('/twice', (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(twice));
    const before = process.memoryUsage().rss;
    const started = performance.now();
    await expect(read('/bomb', newReader({ timeoutMs: 10_000 }))).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
    await expect(read('/twice', newReader({ timeoutMs: 10_000 }))).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('a size that is announced is refused before the body comes', async () => {
    let sent = 0;
    pages.set('/announced', (_request, response) => {
      response.writeHead(200, { 'content-length': '50000000' });
      const more = (): void => {
        while (!response.destroyed && sent < 50_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
      };
      more();
    });
    await expect(read('/announced')).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
    expect(sent).toBeLessThan(20_000_000);
  });

  test('an endless body without a size is refused at the limit', async () => {
    pages.set('/endless', (_request, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(100_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    await expect(read('/endless')).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  });

  test('a body that drips is FETCH_TIMEOUT as a whole', async () => {
    pages.set('/drip', (_request, response) => {
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const started = performance.now();
    await expect(read('/drip')).rejects.toMatchObject({ code: 'FETCH_TIMEOUT' });
    expect(performance.now() - started).toBeLessThan(2_500);
  });

  test('a body that breaks off is FETCH_FAILED, never half a document', async () => {
    pages.set('/cut', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('the first half');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(read('/cut')).rejects.toMatchObject({ code: expect.stringMatching(/^FETCH_(FAILED|UNREACHABLE)$/) as string });
  });

  test('a host is not asked for more than its share at once, and all are served', async () => {
    let running = 0;
    let most = 0;
    for (let index = 0; index < 12; index += 1) {
      pages.set(`/busy-${index}`, (_request, response) => {
        most = Math.max(most, (running += 1));
        setTimeout(() => {
          running -= 1;
          response.end('done');
        }, 30);
      });
    }
    const limited = newReader({ concurrencyPerHost: 2, timeoutMs: 150 });
    const documents = await Promise.all(Array.from({ length: 12 }, (_unused, index) => read(`/busy-${index}`, limited)));
    expect(documents).toHaveLength(12);
    expect(most).toBe(2);
  });

  test('one who gives up while waiting for a turn leaves the turn to the next', async () => {
    pages.set('/held', (_request, response) => void setTimeout(() => response.end('x'), 300));
    pages.set('/next', (_request, response) => response.end('y'));
    const limited = newReader({ concurrencyPerHost: 1 });
    const held = read('/held', limited);
    const abandoned = limited.read(`${site.origin}/next`, AbortSignal.timeout(50));
    const next = read('/next', limited);
    await expect(abandoned).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(textOf(await held)).toBe('x');
    expect(textOf(await next)).toBe('y');
  });
});

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%d, relative and absolute, without the fragment', async (status) => {
    redirect('/a', '/b?x=1', status);
    redirect('/b?x=1', `${site.origin}/c#part`, status);
    pages.set('/c', (_request, response) => response.end('arrived'));
    const document = await read('/a#top');
    expect(textOf(document)).toBe('arrived');
    expect(document.record.finalUrl).toBe(`${site.origin}/c`);
  });

  test('a circle, and too many', async () => {
    redirect('/ping', '/pong');
    redirect('/pong', '/ping');
    await expect(read('/ping')).rejects.toMatchObject({ code: 'FETCH_TOO_MANY_REDIRECTS' });
    expect(asked.filter(({ path }) => path !== '/robots.txt')).toHaveLength(2);
    for (let index = 0; index < 8; index += 1) redirect(`/step-${index}`, `/step-${index + 1}`);
    pages.set('/step-8', (_request, response) => response.end('far'));
    await expect(read('/step-0')).rejects.toMatchObject({ code: 'FETCH_TOO_MANY_REDIRECTS' });
    expect(textOf(await read('/step-3'))).toBe('far');
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.2:PORT/secret',
    'http://0177.0.0.2:PORT/secret',
    'http://2130706434:PORT/secret',
    'http://[::1]:PORT/secret',
    'http://[::ffff:127.0.0.2]:PORT/secret',
    'http://user:pass@127.0.0.1:PORT/secret',
    'file:///etc/passwd',
    '//10.0.0.1/x',
  ])('to %s is URL_FORBIDDEN', async (target) => {
    const inner = await startServer((_request, response) => response.end('secret'), '127.0.0.2');
    redirect('/out', target.replace('PORT', String(inner.port)));
    await expect(read('/out')).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    await inner.close();
  });

  test('a redirect without a location is FETCH_FAILED', async () => {
    pages.set('/nowhere', (_request, response) => response.writeHead(302).end('moved'));
    await expect(read('/nowhere')).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });
});

describe('ports', () => {
  test('that are not on the list are refused, also by a redirect, and no connection is made', async () => {
    let connections = 0;
    const other = await startServer((_request, response) => response.end('redis'));
    other.server.on('connection', () => (connections += 1));
    const strict = newReader({ ports: [80, site.port] });
    await expect(strict.read(`${other.origin}/`, new AbortController().signal)).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    redirect('/to-port', `${other.origin}/`);
    await expect(read('/to-port', strict)).rejects.toMatchObject({ code: 'URL_FORBIDDEN', message: expect.stringContaining('CATALYST_FETCH_PORTS') as string });
    expect(connections).toBe(0);
    pages.set('/fine', (_request, response) => response.end('fine'));
    expect(textOf(await read('/fine', strict))).toBe('fine');
    await other.close();
  });

  test('a robots.txt leads to none of them either', async () => {
    let connections = 0;
    const other = await startServer((_request, response) => response.end('User-agent: *'));
    other.server.on('connection', () => (connections += 1));
    redirect('/robots.txt', `${other.origin}/robots.txt`);
    await expect(read('/page', newReader({ ports: [site.port] }))).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    expect(connections).toBe(0);
    await other.close();
  });
});

describe('schemes', () => {
  test.each(['file:///etc/passwd', 'ftp://example.org/x', 'gopher://127.0.0.1:6379/_INFO', 'data:text/html,x', 'javascript:alert(1)', 'blob:http://example.org/x', 'jar:http://example.org!/x', 'unix:/var/run/docker.sock', 'dict://127.0.0.1:11211/stat'])('%s is URL_FORBIDDEN', async (address) => {
    await expect(reader.read(address, new AbortController().signal)).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  });
});

describe('private addresses', () => {
  test('loopback by name and by number is refused in production, and no connection is made', async () => {
    const strict = newReader({ isAllowedAddress: isPublicAddress });
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '017700000001', '0x7f000001', '0x7f.1', '127.1', '127.0.0.1.', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:1]', '[64:ff9b::127.0.0.1]', '[::127.0.0.1]', '0.0.0.0', '[::]', '\u2460\u2461\u2466.0.0.1', '127\u30020\u30020\u30021']) {
      await expect(strict.read(`http://${host}:${site.port}/`, new AbortController().signal)).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    }
    expect(asked).toEqual([]);
  });

  test('a name that answers another address the second time leads nowhere', async () => {
    const inner = await startServer((_request, response) => response.end('secret'), '127.0.0.2');
    const looked: string[] = [];
    // As rebinding does: public while it is looked at, private when it is connected to; the port is the same for both.
    let answer = '127.0.0.1';
    const lookup: HttpClientOptions['lookup'] = (hostname, _options, callback) => {
      looked.push(hostname);
      callback(null, [{ address: answer, family: 4 }]);
    };
    pages.set('/first', (_request, response) => response.writeHead(200, { connection: 'close' }).end('public'));
    pages.set('/robots.txt', (_request, response) => response.writeHead(404, { connection: 'close' }).end());
    pages.set('/second', (_request, response) => response.end('secret'));
    const rebound = newReader({ lookup });
    expect(textOf(await readDocument(rebound, `http://rebind.example:${site.port}/first`))).toBe('public');
    answer = '127.0.0.2';
    await expect(rebound.read(`http://rebind.example:${site.port}/second`, new AbortController().signal)).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    expect(looked.length).toBeGreaterThanOrEqual(2);
    expect(asked.map(({ path }) => path)).not.toContain('/second');
    await inner.close();
  });

  test('they are fetched where that is configured', async () => {
    pages.set('/', (_request, response) => response.end('intranet'));
    const { isAllowedAddress: _unused, ...plain } = options;
    const open = createHttpFetcher({ ...plain, allowPrivateAddresses: true });
    expect(textOf(await readDocument(open, `http://localhost:${site.port}/`))).toBe('intranet');
    await open.close();
  });
});

describe('robots.txt', () => {
  const robots = (text: string, status = 200, headers: Record<string, string> = {}): void => void pages.set('/robots.txt', (_request, response) => response.writeHead(status, headers).end(text));
  beforeEach(() => {
    for (const path of ['/open', '/closed/page', '/closed/but/open']) pages.set(path, (_request, response) => response.end('text'));
  });

  test('is obeyed for our name, by the longest rule, and asked once', async () => {
    robots('User-agent: CatalystTest\nDisallow: /closed\nAllow: /closed/but\n\nUser-agent: *\nDisallow: /open\n');
    await expect(read('/closed/page')).rejects.toMatchObject({ code: 'ROBOTS_DISALLOWED' });
    expect(textOf(await read('/closed/but/open'))).toBe('text');
    expect(textOf(await read('/open'))).toBe('text');
    expect(asked.filter(({ path }) => path === '/robots.txt')).toHaveLength(1);
    expect(asked.some(({ path }) => path === '/closed/page')).toBe(false);
    expect(asked[0]?.headers['user-agent']).toBe(options.userAgent);
  });

  test('is obeyed at the target of a redirect too', async () => {
    robots('User-agent: *\nDisallow: /closed\n');
    pages.set('/door', (_request, response) => response.writeHead(302, { location: '/closed/page' }).end());
    await expect(read('/door')).rejects.toMatchObject({ code: 'ROBOTS_DISALLOWED' });
  });

  test.each([404, 401, 403, 410])('%d: everything is allowed', async (status) => {
    robots('User-agent: *\nDisallow: /\n', status);
    expect(textOf(await read('/closed/page'))).toBe('text');
  });

  test.each([[500, 'FETCH_FAILED'], [503, 'FETCH_FAILED'], [429, 'FETCH_RATE_LIMITED']])('%d: nothing is fetched; it is asked again, but not at once', async (status, code) => {
    robots('', status);
    const answers = await Promise.allSettled([read('/open'), read('/open'), read('/closed/page')]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code } });
    expect(asked.map(({ path }) => path)).toEqual(['/robots.txt']);
    robots('User-agent: *\nDisallow:\n');
    vi.setSystemTime(Date.now() + 10_000);
    expect(textOf(await read('/open'))).toBe('text');
    vi.useRealTimers();
  });

  test('its Retry-After is told, and the host is left alone meanwhile', async () => {
    robots('', 503, { 'retry-after': '7' });
    await expect(read('/open')).rejects.toMatchObject({ code: 'FETCH_FAILED', retryAfterMs: 7_000 });
    expect(limiter.pauses).toEqual([{ key: `host:127.0.0.1:${site.port}`, ms: 7_000 }]);
  });

  test('the delay it asks for is kept between requests', async () => {
    robots('User-agent: *\nCrawl-delay: 0.3\n');
    const at: number[] = [];
    pages.set('/open', (_request, response) => {
      at.push(performance.now());
      response.end('text');
    });
    await Promise.all([read('/open'), read('/open'), read('/open')]);
    expect(at[1]! - at[0]!).toBeGreaterThan(280);
    expect(at[2]! - at[1]!).toBeGreaterThan(280);
  });

  test('redirects are followed, to a few', async () => {
    pages.set('/robots.txt', (_request, response) => response.writeHead(301, { location: '/rules.txt' }).end());
    pages.set('/rules.txt', (_request, response) => response.end('\ufeffUser-agent: *\nDisallow: /closed\n'));
    await expect(read('/closed/page')).rejects.toMatchObject({ code: 'ROBOTS_DISALLOWED' });
    pages.set('/robots.txt', (_request, response) => response.writeHead(301, { location: '/robots.txt' }).end());
    expect(textOf(await read('/closed/page', newReader()))).toBe('text');
  });

  test('of an enormous file the beginning counts', async () => {
    robots(`User-agent: *\nDisallow: /closed\n${'# padding\n'.repeat(200_000)}`);
    await expect(read('/closed/page')).rejects.toMatchObject({ code: 'ROBOTS_DISALLOWED' });
    expect(textOf(await read('/open'))).toBe('text');
  });

  test('one who gives up does not take robots.txt from those who wait with him', async () => {
    pages.set('/robots.txt', (_request, response) => void setTimeout(() => response.end('User-agent: *\nDisallow:'), 200));
    const abandoned = reader.read(`${site.origin}/open`, AbortSignal.timeout(50));
    const other = read('/open');
    await expect(abandoned).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(textOf(await other)).toBe('text');
  });
});

describe('failures of the site', () => {
  test('Retry-After in seconds and as a date', async () => {
    pages.set('/busy', (_request, response) => response.writeHead(429, { 'retry-after': '120' }).end());
    pages.set('/down', (_request, response) => response.writeHead(503, { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }).end());
    await expect(read('/busy')).rejects.toMatchObject({ code: 'FETCH_RATE_LIMITED', retryAfterMs: 120_000 });
    expect(limiter.pauses).toEqual([{ key: `host:127.0.0.1:${site.port}`, ms: 120_000 }]);
    await expect(read('/busy'), 'nobody asks before').rejects.toMatchObject({ code: 'THROTTLED' });
    expect(asked.filter(({ path }) => path === '/busy')).toHaveLength(1);
    const error = (await read('/down', newReader({ limiter: createInMemoryRateLimiter() })).catch((thrown: unknown) => thrown)) as { code: string; retryAfterMs: number };
    expect(error.code).toBe('FETCH_FAILED');
    expect(error.retryAfterMs).toBeGreaterThan(28_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  test('nobody listens: FETCH_UNREACHABLE', async () => {
    await expect(reader.read('http://127.0.0.1:25097/', new AbortController().signal)).rejects.toMatchObject({ code: 'FETCH_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') as string });
  });

  test('an answer that is not HTTP: FETCH_FAILED', async () => {
    const server = createTcpServer((socket) => socket.on('error', () => undefined).resume().end('hello, this is no HTTP\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await expect(reader.read(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, new AbortController().signal)).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a certificate that nobody signed: FETCH_TLS_INVALID', async () => {
    const fixture = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
    const server = createTlsServer({ key: fixture('selfSigned.key.pem'), cert: fixture('selfSigned.cert.pem') }, (_request, response) => response.end('x'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await expect(reader.read(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`, new AbortController().signal)).rejects.toMatchObject({ code: 'FETCH_TLS_INVALID' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
