import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safeFileName, safeMediaType } from '../../../src/api/uploads/fileName.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { digestOf } from '../../../src/contracts/identifiers.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { uploadsResponseSchema } from '../../../src/contracts/uploads.ts';
import { createMemoryArtifactStore } from '../../support/api/memoryArtifactStore.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

let api: RunningApi;
beforeEach(async () => {
  api = await startApi({}, createMemoryArtifactStore({ keep: false }));
});
afterEach(() => api.close());

const boundary = 'boundary-of-the-tests';
const part = (name: string, disposition = '') => `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"${disposition}\r\nContent-Type: text/plain\r\n\r\n`;
const end = `\r\n--${boundary}--\r\n`;

function send(body: NonNullable<RequestInit['body']>, contentType = `multipart/form-data; boundary=${boundary}`): Promise<Response> {
  return api.fetch('/v1/uploads', { method: 'POST', headers: { 'content-type': contentType }, body });
}

function form(files: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, content] of Object.entries(files)) data.append('file', new Blob([content], { type: 'text/plain' }), name);
  return data;
}

const sendForm = (data: FormData) => api.fetch('/v1/uploads', { method: 'POST', body: data });
const problemOf = async (response: Response) => (await response.json()) as Problem;

describe('an upload', () => {
  it('stores and records several files in their order', async () => {
    const response = await sendForm(form({ 'a.txt': 'first', '../../etc/ü.txt': 'second' }));
    expect(response.status).toBe(201);
    const { uploads, refused } = uploadsResponseSchema.parse(await response.json());
    expect(uploads.map(({ fileName, bytes, digest, mediaType }) => [fileName, bytes, digest, mediaType])).toEqual([
      ['a.txt', 5, digestOf('first'), 'text/plain'],
      ['ü.txt', 6, digestOf('second'), 'text/plain'],
    ]);
    expect(refused).toEqual([]);
    expect(new Set(api.uploads.keys())).toEqual(new Set(uploads.map((upload) => upload.id)));
    expect([...api.uploads.values()].map((upload) => upload.tenant)).toEqual(['acme', 'acme']);
  });

  it('takes a hundred small files, and not one more', async () => {
    const files = (count: number) => form(Object.fromEntries(Array.from({ length: count }, (_, place) => [`${place}.txt`, `content ${place}`])));
    const { uploads } = uploadsResponseSchema.parse(await (await sendForm(files(100))).json());
    expect(uploads.map((upload) => upload.fileName)).toEqual(Array.from({ length: 100 }, (_, place) => `${place}.txt`));
    const refused = await sendForm(files(101));
    expect([refused.status, (await problemOf(refused)).code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(api.uploads.size).toBe(100);
  });

  it('refuses empty files one by one, wherever they stand', async () => {
    const response = await sendForm(form({ 'empty.txt': '', 'a.txt': 'a', 'none.txt': '' }));
    expect(response.status).toBe(201);
    const { uploads, refused } = uploadsResponseSchema.parse(await response.json());
    expect(uploads.map((upload) => upload.fileName)).toEqual(['a.txt']);
    expect(refused.map(({ index, fileName, code }) => [index, fileName, code])).toEqual([[0, 'empty.txt', 'EMPTY_DOCUMENT'], [2, 'none.txt', 'EMPTY_DOCUMENT']]);
    const all = await problemOf(await sendForm(form({ 'empty.txt': '' })));
    expect(all).toMatchObject({ status: 422, code: 'EMPTY_DOCUMENT', errors: [{ pointer: '/files/0', code: 'EMPTY_DOCUMENT' }] });
  });

  it('of 200 MB is streamed: memory stays flat and the store sets the pace', async () => {
    const megabyte = Buffer.alloc(1024 ** 2, 'x');
    const before = process.memoryUsage();
    let highest = 0;
    // Not fetch: it would hold megabytes of its own in this very process.
    const outgoing = httpRequest(`${api.url}/v1/uploads`, { method: 'POST', headers: { authorization: `Bearer ${api.token}`, 'content-type': `multipart/form-data; boundary=${boundary}` } });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    outgoing.write(part('large.bin'));
    for (let sent = 0; sent < 200; sent += 1) {
      if (!outgoing.write(megabyte)) await once(outgoing, 'drain');
      const { rss, external } = process.memoryUsage();
      highest = Math.max(highest, rss - before.rss, external - before.external);
    }
    outgoing.end(end);
    const [answer] = await answered;
    const { uploads } = uploadsResponseSchema.parse(JSON.parse(await text(answer)));
    expect([uploads[0]?.bytes, api.artifacts.streamedBytes]).toEqual([200 * 1024 ** 2, 200 * 1024 ** 2]);
    expect(highest).toBeLessThan(100 * 1024 ** 2);
  });

  it('is not read further than a store that stands still', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { artifacts } = api;
    const slow = await startApi({ artifacts: { ...artifacts, putStream: async (...given: Parameters<typeof artifacts.putStream>) => { await held; return artifacts.putStream(...given); } } });
    let sent = 0;
    function* content() {
      yield Buffer.from(part('large.bin'));
      for (; sent < 100; sent += 1) yield Buffer.alloc(1024 ** 2);
      yield Buffer.from(end);
    }
    const response = fetch(`${slow.url}/v1/uploads`, { method: 'POST', headers: { authorization: `Bearer ${slow.token}`, 'content-type': `multipart/form-data; boundary=${boundary}` }, body: Readable.from(content()), duplex: 'half' } as unknown as RequestInit);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sent).toBeLessThan(20);
    release();
    expect((await response).status).toBe(201);
    await slow.close();
  });
});

describe('an upload that fails', () => {
  it('leaves nothing when it breaks off, and removes what was stored', async () => {
    const outgoing = httpRequest(`${api.url}/v1/uploads`, { method: 'POST', headers: { authorization: `Bearer ${api.token}`, 'content-type': `multipart/form-data; boundary=${boundary}` } });
    outgoing.on('error', () => undefined);
    outgoing.write(`${part('whole.txt')}complete\r\n${part('half.txt')}${'y'.repeat(300_000)}`);
    await expect.poll(() => api.artifacts.streamedBytes).toBeGreaterThan(200_000);
    outgoing.destroy();
    await expect.poll(() => api.artifacts.deleted).toHaveLength(1);
    expect([api.uploads.size, api.artifacts.objects.size]).toEqual([0, 0]);
    await expect.poll(() => api.events.at(-1)).toMatchObject({ type: 'request.finished', status: 499 });
  });

  it.each([
    ['cut short', `${part('a.txt')}abc`, undefined],
    ['without end of the headers', `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n`, undefined],
    ['with a malformed header', `--${boundary}\r\nContent Disposition\u0001: x\r\n\r\nabc${end}`, undefined],
    ['without a boundary', 'abc', 'multipart/form-data'],
    ['of another boundary', `--other\r\n\r\nabc\r\n--other--\r\n`, undefined],
    ['empty', '', undefined],
    ['such that the parser begins a file after an error', `--${boundary}\r\n\r\n\r\n${part('x')}\r\n`, undefined],
    ['such that the parser never ends a file', `--${boundary}\r\n--${boundary}--\r\n--${boundary}\r\n${part('x')} `, undefined],
    ['such that the parser begins a file within a file', `${part('x')}--${boundary}\r\n\r\nContent-Disposition: form-data; filename="y"\r\n\r\n`, undefined],
  ])('is 422 when the body is %s', async (_what, body, contentType) => {
    const response = await send(body, contentType);
    expect([response.status, (await problemOf(response)).code]).toEqual([422, 'INVALID_REQUEST']);
    expect([api.uploads.size, api.artifacts.objects.size]).toEqual([0, 0]);
  });

  it('is 422 without a file, or with fields that are no files', async () => {
    expect(await problemOf(await send(`--${boundary}--\r\n`))).toMatchObject({ status: 422, errors: [{ pointer: '/file' }] });
    const data = form({ 'a.txt': 'a' });
    data.append('tags', 'x');
    expect(await problemOf(await sendForm(data))).toMatchObject({ status: 422, errors: [{ pointer: '/tags', code: 'unknown_field' }] });
    expect([api.uploads.size, api.artifacts.objects.size]).toEqual([0, 0]);
  });

  it('is 413 when a file is too large, and nothing of the request stays', async () => {
    const limited = await startApi({ limits: { maximumRequestBytes: 1_000, maximumUploadBytes: 10_000, maximumDocumentBytes: 1_000, linkSeconds: 300 } });
    const response = await limited.fetch('/v1/uploads', { method: 'POST', body: form({ 'small.txt': 'abc', 'large.txt': 'x'.repeat(2_000_000), 'after.txt': 'abc' }) });
    expect([response.status, (await problemOf(response)).code]).toEqual([413, 'DOCUMENT_TOO_LARGE']);
    expect([limited.uploads.size, limited.artifacts.objects.size]).toEqual([0, 0]);
    await limited.close();
  });

  it('is 503 when the store is away', async () => {
    const down = await startApi({ artifacts: { ...api.artifacts, putStream: () => Promise.reject(new CatalystError('ARTIFACT_STORE_UNAVAILABLE', 'S3 does not answer.')) } });
    const response = await down.fetch('/v1/uploads', { method: 'POST', body: form({ 'a.txt': 'x'.repeat(500_000) }) });
    expect([response.status, (await problemOf(response)).code]).toEqual([503, 'ARTIFACT_STORE_UNAVAILABLE']);
    await down.close();
  });

  it('is 503 when the store goes away after the whole of a small file was read', async () => {
    const down = await startApi({
      artifacts: {
        ...api.artifacts,
        async putStream(_tenant, _name, body) {
          await text(body);
          throw await sleep(50, new CatalystError('ARTIFACT_STORE_UNAVAILABLE', 'S3 does not answer.'));
        },
      },
    });
    const response = await down.fetch('/v1/uploads', { method: 'POST', body: form({ 'a.txt': 'small' }) });
    expect([response.status, (await problemOf(response)).code]).toEqual([503, 'ARTIFACT_STORE_UNAVAILABLE']);
    await down.close();
  });
});

describe('a file name', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a b.txt', 'a b.txt'],
    ['a\r\nb\0c.txt', 'abc.txt'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['..', 'file'],
    ['', 'file'],
    [undefined, 'file'],
    ['\ud800.txt', '\ufffd.txt'],
  ])('%j becomes %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe);
  });

  it('keeps its ending when it is cut', () => {
    expect(safeFileName(`${'x'.repeat(500)}.pdf`)).toMatch(/^x{196}\.pdf$/);
    expect(safeFileName('😀'.repeat(300)).isWellFormed()).toBe(true);
  });

  it('comes with a media type that is one', () => {
    expect(['Text/HTML', 'nonsense', undefined, 'a/b;c', 'image/svg+xml'].map(safeMediaType)).toEqual(['text/html', 'application/octet-stream', 'application/octet-stream', 'application/octet-stream', 'image/svg+xml']);
  });
});
