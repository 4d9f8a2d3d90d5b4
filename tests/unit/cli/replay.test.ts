import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import type { ReceiptLine, ReplayResponse, SearchReceipt } from '../../../src/contracts/receipts.ts';
import type { SearchRequest } from '../../../src/contracts/search.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';

const id = '0198c0de-0000-7000-8000-000000000000';
const asOf = '2026-11-20T09:00:00.000Z';
const line: ReceiptLine = { chunkId: id, documentId: id, versionId: id, digest: `sha256:${'0'.repeat(64)}`, score: 0.5, dense: 0.5, sparse: null, fused: 0.5, rerank: null };
const receipt: SearchReceipt = {
  version: 1, tenant: 'acme', asOf, request: { query: 'fees' }, caller: { policies: [], tiers: null }, generation: 'blue', contract: 'c', settings: { fusion: { method: 'similarity', denseWeight: 0.5, rankConstant: 60 }, legDepth: 1, poolSize: 1, maximumRounds: 1 },
  rerank: 'none', boosts: {}, tenantSettings: 0, synonyms: null, query: { dense: null, sparse: null }, degraded: [], results: [line], key: 'one', seal: '00',
};
const same: ReplayResponse = { same: true, asOf, generation: { then: 'blue', now: 'blue' }, reasons: [], differences: [] };

let api: RunningApi;
let folder: string;
let replayed: ReplayResponse = same;
const asked: SearchRequest[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalyst-cli-'));
  api = await startApi({
    search: (_principal, request) => Promise.resolve((asked.push(request), { query: request.query, mode: 'hybrid', results: [], nextCursor: null, degraded: false, degradations: [], tookMs: 1, asOf, ...(request.receipt === true ? { receipt } : {}) })),
    replaySearch: (_principal, given) => (expect(given).toEqual(receipt), Promise.resolve(replayed)),
  });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

async function catalyst(...commandLine: string[]): Promise<{ exitCode: number; out: string; error: string }> {
  const context = capturedContext({ environment: { CATALYST_URL: api.url, CATALYST_TOKEN: api.token }, workingDirectory: folder });
  const exitCode = await runCli(commandLine, context);
  return { exitCode, out: context.out(), error: context.error() };
}

it('searches as of a time, and keeps the receipt', async () => {
  const file = join(folder, 'fees.json');
  expect(await catalyst('search', 'harbour', 'fees', '--as-of', asOf, '--receipt', 'fees.json')).toMatchObject({ exitCode: 0, out: `0 results (hybrid, 1 ms, as of ${asOf})\n` });
  expect(asked.at(-1)).toMatchObject({ query: 'harbour fees', asOf, receipt: true });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(receipt);
  expect(await catalyst('search', '--replay', 'fees.json')).toMatchObject({ exitCode: 0, out: `The same, bit by bit, as of ${asOf}.\n` });
});

it('says where the receipt cannot be written, and which times it takes', async () => {
  const unwritten = await catalyst('search', 'fees', '--receipt', 'nowhere/fees.json');
  expect([unwritten.exitCode, unwritten.error]).toEqual([2, expect.stringMatching(/^.*nowhere\/fees\.json cannot be written: ENOENT[^\n]*\n$/)]);
  const { exitCode, error } = await catalyst('search', 'fees', '--as-of', 'yesterday');
  expect([exitCode, error]).toEqual([2, expect.stringContaining('such as 2026-01-31 or 2026-01-31T06:00:00Z')]);
});

it('tells what differs and ends with 1', async () => {
  await writeFile(join(folder, 'differs.json'), JSON.stringify(receipt));
  replayed = { ...same, same: false, generation: { then: 'blue', now: 'green' }, reasons: [{ code: 'unavailable', detail: 'It was\u001b[31m deleted.' }], differences: [{ rank: 1, then: line, now: null }] };
  const { exitCode, out } = await catalyst('search', '--replay', 'differs.json');
  expect([exitCode, out]).toEqual([1, `Not the same as of ${asOf}, from green instead of blue: 1 result differs.\n  unavailable: It was[31m deleted.\n  1. then passage ${id} of document ${id}, score 0.5\n     now  nothing\n`]);
  expect(JSON.parse((await catalyst('search', '--replay', 'differs.json', '--json')).out)).toEqual(replayed);
});

it('needs a query, or a file that holds a receipt', async () => {
  expect((await catalyst('search')).exitCode).toBe(2);
  await writeFile(join(folder, 'none.json'), '{}');
  expect((await catalyst('search', '--replay', 'none.json')).exitCode).toBe(2);
  expect((await catalyst('search', '--replay', 'missing.json')).exitCode).toBe(2);
});
