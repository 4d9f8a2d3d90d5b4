import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import { ContractServer, breakConnection, problem } from '../../support/contractServer.ts';
import { capturedContext } from '../../support/capturedContext.ts';
import type { CapturedContext, CapturedOptions } from '../../support/capturedContext.ts';

let server: ContractServer;
let folder: string;

beforeEach(async () => {
  server = await ContractServer.start();
  folder = await mkdtemp(join(tmpdir(), 'catalyst-cli-'));
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function write(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function catalyst(commandLine: string[], options: CapturedOptions = {}): Promise<CapturedContext & { readonly exitCode: number }> {
  const context = capturedContext({ workingDirectory: folder, environment: { CATALYST_URL: server.url, CATALYST_TOKEN: server.token }, ...options });
  return { ...context, exitCode: await runCli(commandLine, context) };
}

describe('catalyst ingest', () => {
  it('walks a folder: small text inline, the rest as uploads, with the path below the folder as id', async () => {
    const pdf = new Uint8Array([0x25, 0x50, 0x44, 0x46, 0xff]);
    await write({
      'docs/guide.md': '# Guide', 'docs/deep/er/page.html': '<p>Page</p>', 'docs/report.pdf': pdf, 'docs/cp1252.txt': new Uint8Array([0x63, 0xe9]),
      'docs/long.txt': 'word '.repeat(20_000), 'docs/.hidden.md': 'x', 'docs/.git/a.md': 'x', 'docs/node_modules/a.md': 'x', 'docs/photo.PNG': 'x', 'docs/LICENSE': 'x',
    });
    await symlink(join(folder, 'docs'), join(folder, 'docs/again.md'));
    await write({ 'secrets.txt': 'not yours' });
    await symlink(join(folder, 'secrets.txt'), join(folder, 'docs/innocent.txt'));
    const { exitCode, out, error } = await catalyst(['ingest', 'docs', '--tag', 'a', '--tag', 'b', '--metadata', 'year=2024', '--policy', 'staff', '--tier', 'summary', '--id-prefix', 'handbook/']);
    expect(exitCode).toBe(0);
    const documents = server.ingested.flat().sort((left, right) => ((left.id ?? '') < (right.id ?? '') ? -1 : 1));
    expect(documents.map(({ id }) => id)).toEqual(['handbook/cp1252.txt', 'handbook/deep/er/page.html', 'handbook/guide.md', 'handbook/long.txt', 'handbook/report.pdf']);
    expect(documents[2]).toEqual({ id: 'handbook/guide.md', text: '# Guide', mediaType: 'text/markdown', tags: ['a', 'b'], metadata: { year: 2024 }, policies: ['staff'], tier: 'summary' });
    const uploaded = [...server.uploads.values()].map(({ upload }) => upload.fileName).sort();
    expect(uploaded).toEqual(['cp1252.txt', 'long.txt', 'report.pdf']);
    expect([...server.uploads.values()].find(({ upload }) => upload.fileName === 'report.pdf')?.content).toEqual(Buffer.from(pdf));
    expect(out()).toMatch(/^5 documents in .*documents\/s/);
    expect(error()).toContain('Skipped 7 entries: 2 hidden, 1 no extension, 1 not a file, 1 a link out of the folder, 1 node_modules, 1 .png.');
  });

  it('takes addresses and single files, the latter whatever their type', async () => {
    await write({ 'a/notes.xyz': 'x' });
    const { exitCode } = await catalyst(['ingest', 'a/notes.xyz', 'https://example.org/page']);
    expect(exitCode).toBe(0);
    const [documents] = server.ingested;
    expect(documents?.find((document) => 'url' in document)).toMatchObject({ url: 'https://example.org/page' });
    expect(documents?.find((document) => 'uploadId' in document)).toMatchObject({ id: 'notes.xyz' });
  });

  it('names failures by code with example and remedy, and ends with 3 when others went well', async () => {
    await write({ 'docs/good.md': 'text', 'docs/empty.md': '', 'docs/bad.md': 'bad' });
    server.fate = (document) => ('text' in document && document.text === 'bad' ? 'CORRUPT_DOCUMENT' : document.id === 'empty.md' ? 'EMPTY_DOCUMENT' : undefined);
    const { exitCode, out } = await catalyst(['ingest', 'docs']);
    expect(exitCode).toBe(3);
    expect(out()).toMatch(/1 × EMPTY_DOCUMENT {2}for example empty\.md: The document holds no text\.\n\s+Check that the source has content/);
    expect(out()).toContain('1 × CORRUPT_DOCUMENT');
  });

  it('ends with 1 when all fail, and prints the same as JSON', async () => {
    await write({ 'docs/empty.md': '' });
    const { exitCode, out } = await catalyst(['ingest', 'docs', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(out())).toMatchObject({
      jobs: [{ state: 'failed' }], documents: { total: 1, succeeded: 0, failed: 1 }, failures: [{ code: 'EMPTY_DOCUMENT', count: 1 }], skipped: [],
    });
  });

  it('goes on without the documents that are refused, whether some of a request or all of it', async () => {
    await write({ 'docs/fine.md': 'x', [`docs/${'n'.repeat(200)}/${'n'.repeat(200)}/${'n'.repeat(150)}.md`]: 'x', 'only/a.md': 'x' });
    const some = await catalyst(['ingest', 'docs', '--json']);
    expect(some.exitCode).toBe(3);
    expect(JSON.parse(some.out())).toMatchObject({ documents: { total: 2, succeeded: 1, failed: 1 }, failures: [{ code: 'INVALID_DOCUMENTS', example: expect.stringMatching(/documents\/[01]\/id/) as string }] });
    server.script('POST /v1/ingest/bulk', problem('INVALID_DOCUMENTS', 'all are invalid', { errors: [{ pointer: '/documents/0/text', code: 'EMPTY_DOCUMENT', detail: 'The text is empty.' }] }));
    const all = await catalyst(['ingest', 'only', '--json']);
    expect(all.exitCode).toBe(1);
    expect(JSON.parse(all.out())).toMatchObject({ jobs: [], failures: [{ code: 'EMPTY_DOCUMENT', count: 1, example: 'a.md: The text is empty.' }] });
  });

  it('goes on without an upload that is refused, and without a file that went away', async () => {
    await write({ 'docs/a.pdf': 'x', 'docs/b.md': 'b' });
    server.script('POST /v1/uploads', problem('PAYLOAD_TOO_LARGE', 'too large'));
    const { exitCode, out } = await catalyst(['ingest', 'docs', '--json']);
    expect(exitCode).toBe(3);
    expect(JSON.parse(out())).toMatchObject({ failures: [{ code: 'PAYLOAD_TOO_LARGE', example: 'a.pdf: too large' }] });
  });

  it('sends thousands of documents in several requests and adds up their jobs', async () => {
    await write(Object.fromEntries(Array.from({ length: 2100 }, (_, index) => [`docs/${index}.txt`, `text ${index}`])));
    const { exitCode, out } = await catalyst(['ingest', 'docs', '--json']);
    expect(exitCode).toBe(0);
    expect(server.ingested.map((documents) => documents.length)).toEqual([2000, 100]);
    expect(new Set(server.ingested.flat().map(({ id }) => id)).size).toBe(2100);
    expect(JSON.parse(out())).toMatchObject({ documents: { total: 2100, succeeded: 2100 } });
  });

  it('returns at once with --no-wait and says how to watch', async () => {
    await write({ 'a.md': 'x' });
    const { exitCode, out } = await catalyst(['ingest', 'a.md', '--no-wait']);
    expect(exitCode).toBe(0);
    expect(out()).toContain('Handed over: 1 of 1 document.');
    expect(out()).toMatch(/catalyst job [0-9a-f-]{36} --watch/);
    expect(server.count('GET /v1/jobs')).toBe(0);
  });

  it('says how to watch on when it is interrupted, and ends with 130', async () => {
    await write({ 'a.md': 'x' });
    const controller = new AbortController();
    server.script('GET /v1/jobs', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': quiet\n\n');
      setTimeout(() => controller.abort(), 30);
    });
    const { exitCode, error } = await catalyst(['ingest', 'a.md'], { signal: controller.signal });
    expect(exitCode).toBe(130);
    expect(error()).toMatch(/goes on by itself.*\n {2}catalyst job [0-9a-f-]{36} --watch/);
  });

  it('draws a bar on a terminal and leaves nothing of it behind', async () => {
    await write({ 'a.md': 'x' });
    server.script('GET /v1/jobs', (_request, response) => void setTimeout(() => breakConnection(response.req, response), 400));
    const { error } = await catalyst(['ingest', 'a.md'], { terminal: true });
    expect(error()).toContain('░');
    expect(error()).toMatch(/0\/1 document {2}0 %/);
    expect(error().endsWith('\r\u001b[2K')).toBe(true);
  });

  it('refuses what cannot be meant, with 2', async () => {
    await write({ 'one/a.md': 'x', 'two/a.md': 'y', 'none/.x': '' });
    expect(await catalyst(['ingest', 'missing'])).toMatchObject({ exitCode: 2 });
    expect(await catalyst(['ingest', 'none'])).toMatchObject({ exitCode: 2 });
    const shared = await catalyst(['ingest', 'one', 'two']);
    expect(shared.exitCode).toBe(2);
    expect(shared.error()).toContain('--id-prefix');
    expect(await catalyst(['ingest', 'one', '--metadata', 'novalue'])).toMatchObject({ exitCode: 2 });
    expect(await catalyst(['ingest', 'one', '--tier', 'novel'])).toMatchObject({ exitCode: 2 });
    expect(server.requests).toEqual([]);
  });
});
