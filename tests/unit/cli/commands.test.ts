import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import { CatalystClient } from '../../../src/sdk/client.ts';
import type { SearchResult } from '../../../src/contracts/search.ts';
import { emptyAnswer } from '../../support/api/emptyAnswer.ts';
import { ContractServer, problem } from '../../support/contractServer.ts';
import { capturedContext } from '../../support/capturedContext.ts';
import type { CapturedContext, CapturedOptions } from '../../support/capturedContext.ts';

let server: ContractServer;

beforeEach(async () => void (server = await ContractServer.start()));
afterEach(() => server.stop());

async function catalyst(commandLine: string[], options: CapturedOptions = {}): Promise<CapturedContext & { readonly exitCode: number }> {
  const context = capturedContext({ environment: { CATALYST_URL: server.url, CATALYST_TOKEN: server.token }, ...options });
  return { ...context, exitCode: await runCli(commandLine, context) };
}

const identifier = '0198c0de-0000-7000-8000-000000000000';

function result(fields: { readonly passage: string; readonly highlights?: SearchResult['highlights']; readonly title?: string }): SearchResult {
  return {
    rank: 1, score: 0.8312, scores: { dense: { score: 0.7, rank: 2 }, sparse: null, fused: 0.8312 }, passage: fields.passage, highlights: fields.highlights ?? [], sentences: [],
    document: { id: identifier, versionId: identifier, title: fields.title ?? 'Handbook', source: { type: 'upload', location: 'docs/handbook.pdf' }, tags: [], metadata: {}, ingestedAt: '2026-01-01T00:00:00Z' },
    chunk: { id: identifier, ordinal: 0, tier: 'passage', headings: ['Leave', 'Parents'], page: 3, pageEnd: 4, start: 0, end: 10 }, explanation: ['dense rank 2'],
  };
}

describe('catalyst search', () => {
  it('sends what was asked', async () => {
    let body = '';
    server.script('POST /v1/search', (request, response) => {
      request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
      request.on('end', () => response.writeHead(200).end(JSON.stringify(emptyAnswer({ query: 'q', mode: 'sparse' }))));
    });
    await catalyst(['search', 'parental', 'leave', '--mode', 'sparse', '--limit', '7', '--tag', 'hr', '--source', 'upload', '--tier', 'table', '--tier', 'code', '--metadata', 'year>=2020', '--metadata', 'year<2024', '--metadata', 'lang=de', '--rerank', 'none', '--spelling', '--explain']);
    expect(JSON.parse(body)).toEqual({
      query: 'parental leave', mode: 'sparse', rerank: 'none', spelling: true, limit: 7, explain: true,
      filters: { tags: ['hr'], source: { type: 'upload' }, tiers: ['table', 'code'], metadata: { year: { gte: 2020, lt: 2024 }, lang: 'de' } },
    });
  });

  it('sends filters of every kind and shows the facets', async () => {
    let body = '';
    server.script('POST /v1/search', (request, response) => {
      request.on('data', (chunk: Buffer) => void (body += chunk.toString()));
      request.on('end', () => response.writeHead(200).end(JSON.stringify({ query: 'q', mode: 'hybrid', results: [], nextCursor: null, degraded: false, degradations: [], tookMs: 1, facets: { tags: [{ value: 'hr', count: 3 }, { value: 'a\u001b[2J', count: 1 }], 'metadata.year': [] } })));
    });
    const { out } = await catalyst([
      'search', 'leave', '--host', 'docs.example.org', '--under', 'https://docs.example.org/hr/', '--language', 'en', '--language', 'pt-BR', '--code', 'icd-10=E11', '--code', 'icd-10=I10-I15',
      '--without-tag', 'draft', '--since', '2026-01-31', '--metadata', 'owner?', '--facet', 'tags', '--facet', 'metadata.year',
    ]);
    expect(JSON.parse(body)).toMatchObject({
      filters: {
        source: { host: 'docs.example.org', locationPrefix: 'https://docs.example.org/hr/' }, languages: ['en', 'pt-BR'], codes: { 'icd-10': ['E11', 'I10-I15'] }, not: { tags: ['draft'] },
        ingestedAt: { from: '2026-01-31T00:00:00Z' }, metadata: { owner: { exists: true } },
      },
      facets: ['tags', 'metadata.year'],
    });
    expect(out()).toContain('tags: hr 3, a');
    expect(out()).toContain('metadata.year: none');
    expect(out()).not.toContain('\u001b[2J');
  });

  it.each(['E11', 'snomed=1', 'icd-10=diabetes'])('refuses the code %s before it sends anything', async (code) => {
    expect((await catalyst(['search', 'x', '--code', code])).exitCode).toBe(2);
  });

  it('shows document, place, score and the passage with its highlights', async () => {
    server.results = [result({ passage: 'Parents take\nleave of  twelve weeks.', highlights: [{ start: 13, end: 18 }] })];
    const { exitCode, out } = await catalyst(['search', 'leave', '--explain']);
    expect(exitCode).toBe(0);
    expect(out()).toContain('1. Handbook  docs/handbook.pdf  0.8312');
    expect(out()).toContain('Leave › Parents · pages 3–4');
    expect(out()).toContain('Parents take **leave** of twelve weeks.');
    expect(out()).toContain('- dense rank 2');
  });

  it('says what was done without, and offers other spellings', async () => {
    const answer = {
      query: 'parentel', mode: 'hybrid', results: [], nextCursor: null, degraded: true, degradations: [{ part: 'rerank', code: 'EMBEDDER_UNAVAILABLE', message: 'No answer within 1,500 ms.' }], tookMs: 1,
      didYouMean: { query: 'parental\u001b[2J', corrections: [{ from: 'parentel', to: 'parental', count: 2 }] },
    };
    server.script('POST /v1/search', (_request, response) => void response.writeHead(200).end(JSON.stringify(answer)));
    const { out } = await catalyst(['search', 'parentel', '--spelling']);
    expect(out()).toContain('degraded: without rerank: No answer within 1,500 ms. (EMBEDDER_UNAVAILABLE)');
    expect(out()).toContain('did you mean: parental');
    expect(out()).not.toContain('\u001b[2J');
  });

  it('lets no document steer the terminal', async () => {
    server.results = [result({ title: 'Evil\u001b[2J\u202e', passage: 'clear \u001b[2J\u009b1m it', highlights: [{ start: 6, end: 10 }] })];
    const { out } = await catalyst(['search', 'x'], { terminal: true });
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(out().replace(/\u001b\[(1|2|22|33|39)m/g, '')).not.toMatch(/[\u001b\u009b\u202e]/);
  });

  it('prints the whole answer as JSON', async () => {
    server.results = [result({ passage: 'text' })];
    expect(JSON.parse((await catalyst(['search', 'x', '--json'])).out())).toMatchObject({ mode: 'hybrid', results: [{ passage: 'text' }] });
  });

  it('names what the API refuses, field by field', async () => {
    server.script('POST /v1/search', problem('INVALID_REQUEST', 'The request does not fit', { errors: [{ pointer: '/query', code: 'too_big', detail: 'at most 4000 characters' }, { pointer: '/limit', code: 'too_big', detail: 'at most 100' }] }));
    const { exitCode, error } = await catalyst(['search', 'x']);
    expect(exitCode).toBe(2);
    expect(error()).toContain('/query: at most 4000 characters');
    expect(error()).toContain('request-7');
  });
});

describe('catalyst job', () => {
  async function ingest(...texts: string[]): Promise<string> {
    const { jobId } = await new CatalystClient({ url: server.url, token: server.token }).ingest({ documents: texts.map((text, index) => ({ id: `d${index}`, text })) });
    return jobId;
  }

  it('shows a job and its documents; the exit code tells its state', async () => {
    const partial = await catalyst(['job', await ingest('good', '', 'fine'), '--documents']);
    expect(partial.exitCode).toBe(3);
    expect(partial.out()).toMatch(/^Job .*: partial\n3 documents/);
    expect(partial.out()).toContain('d1  failed  EMPTY_DOCUMENT: The document holds no text.');
    expect(partial.out()).toContain('d2  succeeded  created  1 chunk');
    expect(await catalyst(['job', await ingest('')])).toMatchObject({ exitCode: 1 });
    expect(await catalyst(['job', await ingest('good')])).toMatchObject({ exitCode: 0 });
  });

  it('lists the documents of one state, as JSON too', async () => {
    const { out } = await catalyst(['job', await ingest('good', ''), '--state', 'failed', '--json']);
    expect(JSON.parse(out())).toMatchObject({ state: 'partial', documents: [{ index: 1, state: 'failed' }] });
  });

  it('watches to the end', async () => {
    const { exitCode, out } = await catalyst(['job', await ingest('good', 'fine'), '--watch']);
    expect(exitCode).toBe(0);
    expect(out()).toContain('succeeded');
    expect(server.count('GET /v1/jobs')).toBe(2);
  });

  it('says how to watch on when interrupted', async () => {
    const id = await ingest('good');
    const controller = new AbortController();
    server.script(`GET /v1/jobs/${id}/events`, () => void setTimeout(() => controller.abort(), 20));
    const { exitCode, error } = await catalyst(['job', id, '--watch'], { signal: controller.signal });
    expect(exitCode).toBe(130);
    expect(error()).toContain(`catalyst job ${id} --watch`);
  });

  it('ends with 1 for a job that is not there', async () => {
    const { exitCode, error } = await catalyst(['job', identifier]);
    expect(exitCode).toBe(1);
    expect(error()).toContain('There is no such job (NOT_FOUND)');
  });
});

describe('catalyst status', () => {
  it('shows every dependency with its latency', async () => {
    const { exitCode, out } = await catalyst(['status']);
    expect(exitCode).toBe(0);
    expect(out()).toMatch(/ready {2}[\d.]+ ms\n {2}postgres {2}ok {2}1\.2 ms/);
  });

  it('ends with 4 and the remedy when one does not answer', async () => {
    server.dependencies = [{ name: 'qdrant', ok: false, latencyMs: 2000, detail: 'refused', remedy: 'Start Qdrant.' }];
    const { exitCode, out } = await catalyst(['status']);
    expect(exitCode).toBe(4);
    expect(out()).toContain('qdrant: Start Qdrant.');
    expect((await catalyst(['status', '--json'])).out()).toContain('"status": "unavailable"');
  });

  it('ends with 0 and the remedy when only an optional part does not answer', async () => {
    server.dependencies = [{ name: 'qdrant', ok: true, latencyMs: 1, detail: null, remedy: null }, { name: 'reranker', ok: false, optional: true, latencyMs: 5, detail: 'refused', remedy: 'Check the reranker.' }];
    const { exitCode, out } = await catalyst(['status']);
    expect(exitCode).toBe(0);
    expect(out()).toMatch(/ degraded {2}/);
    expect(out()).toContain('reranker: Check the reranker.');
  });
});

describe('the connection', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'catalyst-cli-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function connectionFile(path: string): Promise<void> {
    await mkdir(join(folder, path), { recursive: true });
    await writeFile(join(folder, path, 'connection.json'), JSON.stringify({ url: server.url, token: server.token }));
  }

  it('is that of the stack started in this folder', async () => {
    await connectionFile('.catalyst');
    expect(await catalyst(['search', 'x'], { workingDirectory: folder, environment: {} })).toMatchObject({ exitCode: 0 });
  });

  it('follows CATALYST_STATE_DIR, also out of .env', async () => {
    await connectionFile('elsewhere');
    expect(await catalyst(['search', 'x'], { workingDirectory: folder, environment: { CATALYST_STATE_DIR: 'elsewhere' } })).toMatchObject({ exitCode: 0 });
    await writeFile(join(folder, '.env'), 'CATALYST_STATE_DIR=elsewhere\n');
    expect(await catalyst(['search', 'x'], { workingDirectory: folder, environment: {} })).toMatchObject({ exitCode: 0 });
  });

  it('takes flags over variables, after the command as well', async () => {
    const environment = { CATALYST_URL: 'http://127.0.0.1:9', CATALYST_TOKEN: 'wrong' };
    expect(await catalyst(['search', 'x', '--url', server.url, '--token', server.token], { environment })).toMatchObject({ exitCode: 0 });
  });

  it('never sends the local token to another address', async () => {
    await connectionFile('.catalyst');
    const other = await ContractServer.start();
    expect(await catalyst(['search', 'x', '--url', other.url], { workingDirectory: folder, environment: {} })).toMatchObject({ exitCode: 5 });
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    await other.stop();
  });

  it('ends with 2 without any, 4 where nothing answers, 5 where the token is not taken', async () => {
    const none = await catalyst(['status'], { workingDirectory: folder, environment: {} });
    expect(none.exitCode).toBe(2);
    expect(none.error()).toContain('npm start');
    expect(await catalyst(['status', '--url', 'not-an-address'])).toMatchObject({ exitCode: 2 });
    expect(await catalyst(['search', 'x', '--token', 'wrong'])).toMatchObject({ exitCode: 5 });
    const other = await ContractServer.start();
    const { url } = other;
    await other.stop();
    const away = await catalyst(['status', '--url', url]);
    expect(away.exitCode).toBe(4);
    expect(away.error()).toContain('cannot be reached');
  });
});

describe('help and usage', () => {
  it('documents the exit codes and ends with 0', async () => {
    const { exitCode, out } = await catalyst(['--help']);
    expect(exitCode).toBe(0);
    expect(out()).toMatch(/Exit codes:\n {2}0 {2}all went well/);
  });

  it('leads to the help of the command in which the mistake was made', async () => {
    expect((await catalyst(['index', 'compact', '--tenat', 'acme'])).error()).toContain('(see catalyst index compact --help)');
    expect((await catalyst(['index', 'shw'])).error()).toContain('(see catalyst index --help)');
  });

  it.each([[['nonsense']], [['search']], [['search', 'x', '--limit', '0']], [['job', 'x', '--state', 'odd']], [[]]])('ends with 2 for %j', async (commandLine) => {
    expect(await catalyst(commandLine)).toMatchObject({ exitCode: 2 });
    expect(server.requests).toEqual([]);
  });
});
