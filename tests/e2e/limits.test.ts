import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePorts } from '../../infra/local/supervision/ports.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

/** Two API processes over one Postgres; one of their tenants is limited. */
let stack: FullStack;
let second: ChildProcess;
let secondUrl: string;

beforeAll(async () => {
  stack = await startFullStack({ CATALYST_RATE_LIMITS: 'few=search:30', CATALYST_PRICE_PER_MILLION_TOKENS: '2', CATALYST_PRICE_PER_PROCESSOR_HOUR: '3600', CATALYST_QUOTAS: 'daily=searches:20' });
  const { api: port } = await freePorts();
  secondUrl = `http://127.0.0.1:${port}`;
  await startSecond();
}, 600_000);

async function startSecond(): Promise<void> {
  second = spawn(process.execPath, ['src/api/main.ts'], { env: { ...process.env, ...stack.environment, CATALYST_API_PORT: new URL(secondUrl).port }, stdio: 'ignore' });
  await vi.waitFor(async () => expect((await fetch(`${secondUrl}/startupz`)).ok).toBe(true), { timeout: 60_000, interval: 200 });
}

afterAll(async () => {
  if (second.exitCode === null && second.kill('SIGTERM')) await once(second, 'exit');
  await stack.stop();
}, 60_000);

describe('two API processes', () => {
  it('carry out a request once, whichever gets it', async () => {
    const here = await stack.clientFor('once');
    const there = new CatalystClient({ url: secondUrl, token: await stack.tokenFor('once') });
    const documents = [{ id: 'one', text: 'The lighthouse of Brackwater was lit in 1851.' }];
    const answers = await Promise.all([here, there, here, there].map((client) => client.ingest({ documents }, { idempotencyKey: 'import-1' })));
    expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
    expect((await here.waitForJob(answers[0]?.jobId ?? '')).state).toBe('succeeded');
    const jobs: unknown[] = [];
    for await (const job of here.jobs.list()) jobs.push(job);
    expect(jobs).toHaveLength(1);
  }, 120_000);

  it('share a limit, up to a second of requests', async () => {
    // Not across the end of a minute.
    while (Date.now() % 60_000 > 45_000) await sleep(500);
    const token = await stack.tokenFor('few');
    const search = async (url: string): Promise<Response> => {
      const response = await fetch(`${url}/v1/search`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: 'x', mode: 'sparse' }) });
      await response.arrayBuffer();
      return response;
    };
    for (let round = 0; round < 15; round += 1) for (const url of [stack.apiUrl, secondUrl]) expect((await search(url)).status).toBe(200);
    // Each tells the other within a second or two.
    await sleep(2_500);
    for (const url of [stack.apiUrl, secondUrl]) {
      const refused = await search(url);
      expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"tenant-search";q=30;w=60']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }, 90_000);

  it('share a quota of searches a day, up to a second of searches, also with a process that starts later', async () => {
    // Not across midnight.
    while (Date.now() % 86_400_000 > 86_340_000) await sleep(1_000);
    const token = await stack.tokenFor('daily');
    const search = async (url: string): Promise<Response> => {
      const response = await fetch(`${url}/v1/search`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ query: 'x', mode: 'sparse' }) });
      await response.arrayBuffer();
      return response;
    };
    for (let round = 0; round < 10; round += 1) for (const url of [stack.apiUrl, secondUrl]) expect((await search(url)).status).toBe(200);
    await sleep(2_500);
    for (const url of [stack.apiUrl, secondUrl]) {
      const refused = await search(url);
      expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"tenant-search-day";q=20;w=86400']);
      const wait = Number(refused.headers.get('retry-after')) * 1_000;
      expect(Math.abs(Date.now() + wait - Math.ceil(Date.now() / 86_400_000) * 86_400_000)).toBeLessThan(5_000);
    }
    const client = await stack.clientFor('daily');
    expect((await client.usage.get()).searchesToday).toMatchObject({ quota: 20, used: 20, left: 0, resetsAt: new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString() });
    // Killed, not stopped: what it had told is kept.
    second.kill('SIGKILL');
    await once(second, 'exit');
    await startSecond();
    const first = await search(secondUrl);
    await sleep(2_500);
    expect([first.status, (await search(secondUrl)).status]).toEqual([200, 429]);
  }, 120_000);

  it('enter what was used: ingestion as its job says, searches also of a process that is stopped', async () => {
    const client = await stack.clientFor('used');
    const there = new CatalystClient({ url: secondUrl, token: await stack.tokenFor('used') });
    const { jobId } = await client.ingest({ documents: [{ id: 'one', text: 'Ferries leave at dawn. '.repeat(200) }, { id: 'two', text: 'The harbour master keeps the tide tables.' }] });
    const { spent } = await client.waitForJob(jobId);
    expect(spent.tokens).toBeGreaterThan(500);
    for (let round = 0; round < 4; round += 1) await there.search({ query: 'ferries', mode: 'sparse' });
    await there.searchBatch([{ query: 'tide', mode: 'sparse' }, { query: 'dawn', mode: 'sparse' }]);
    await there.search({ query: 'when do the ferries leave', rerank: 'none' });
    second.kill('SIGTERM');
    await once(second, 'exit');
    const { totals, entries } = await client.usage.get({ by: 'job' });
    expect(totals).toMatchObject({ tokens: spent.tokens, bytes: spent.bytes, searches: 7 });
    // The instruction before a query has 8 tokens, the query 5.
    expect(totals.queryTokens).toBeGreaterThanOrEqual(13);
    expect(totals.queryTokens).toBeLessThan(18);
    expect(totals.cost).toBeCloseTo(((spent.tokens + totals.queryTokens) / 1_000_000) * 2 + totals.processorSeconds, 6);
    expect(totals.embeddings).toBeGreaterThan(1);
    expect(entries.map((entry) => [entry.jobId, entry.tokens, entry.searches])).toEqual([[jobId, spent.tokens, 0], [null, 0, 7]]);
    const [ofJob = 0, ofQueries = 0] = entries.map(({ processorSeconds }) => processorSeconds);
    // 13 passages of up to 450 tokens at the least take some 10 ms each, a query 3.
    expect(ofJob).toBeGreaterThan(0.02);
    expect(ofQueries).toBeGreaterThan(0.0005);
    expect(ofQueries).toBeLessThan(ofJob);
  }, 120_000);
});
