import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CatalystClient, DocumentInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { startRecordingEmbedder, textKey } from '../support/recordingEmbedder.ts';
import type { RecordingEmbedder } from '../support/recordingEmbedder.ts';

/** API and worker are processes of the test, so that they can be started anew with another budget; all else goes on. */
let stack: FullStack;
let embedder: RecordingEmbedder;
let processes: readonly ChildProcess[] = [];
const patience = { timeout: 60_000, interval: 200 };
/** Money for a million tokens: so that a token costs one. */
const perMillionTokens = '1000000';

beforeAll(async () => {
  embedder = await startRecordingEmbedder(20);
  stack = await startFullStack(
    {
      CATALYST_EMBEDDING_PROVIDER: 'openai',
      CATALYST_EMBEDDING_BASE_URL: embedder.url,
      CATALYST_EMBEDDING_MODEL: 'recording',
      CATALYST_EMBEDDING_DIMENSION: String(embedder.dimension),
      CATALYST_SLICE_DOCUMENTS: '4',
      CATALYST_INGEST_WINDOW: '2',
      CATALYST_PRICE_PER_MILLION_TOKENS: perMillionTokens,
    },
    { services: ['postgres', 's3', 'qdrant', 'temporal', 'model'] },
  );
  await begin('spends=hard:300');
}, 600_000);

afterAll(async () => {
  await end();
  await (stack as FullStack | undefined)?.stop();
  await embedder.close();
}, 60_000);

async function begin(budgets: string): Promise<void> {
  const env = { ...process.env, ...stack.environment, CATALYST_BUDGETS: budgets };
  processes = ['src/api/main.ts', 'temporal/worker.ts'].map((file) => spawn(process.execPath, [file], { env, stdio: 'ignore' }));
  await vi.waitFor(async () => expect((await fetch(`${stack.apiUrl}/startupz`)).ok).toBe(true), { timeout: 60_000, interval: 200 });
}

async function end(): Promise<void> {
  await Promise.all(processes.map(async (one) => void (one.exitCode === null && one.kill('SIGTERM') && (await once(one, 'exit')))));
}

const documents = (count: number): DocumentInput[] => Array.from({ length: count }, (_, place) => ({ id: `tariff-${place}`, text: `Tariff ${place} of the harbour: berths of ${place * 31} metres pay ${place * 7919} a day.` }));

async function statesOf(client: CatalystClient, jobId: string): Promise<string[]> {
  const states: string[] = [];
  for await (const { state } of client.listJobDocuments(jobId)) states.push(state);
  return states;
}

describe('the hard budget of a tenant', () => {
  it('pauses a job in work, refuses new work, leaves others alone; raised, the job goes on, and all is done once', async () => {
    const client = await stack.clientFor('spends');
    const { jobId } = await client.ingest({ documents: documents(40) });
    await expect.poll(async () => (await client.getJob(jobId)).pause?.reason, patience).toBe('tenant-budget');
    const { pause, spent, counts } = await client.getJob(jobId);
    expect(pause).toMatchObject({ detail: 'The next call does not fit: the budget of the tenant is 300 USD a month.', by: null });
    expect(pause?.remedy).toContain('CATALYST_BUDGETS');
    expect(spent.tokens).toBeGreaterThan(0);
    expect(spent.tokens).toBeLessThanOrEqual(300);
    expect(counts.failed).toBe(0);
    expect(counts.succeeded).toBeLessThan(40);

    // It stays so, and a resume by hand does not get it further: the money is as short as before.
    await sleep(2_000);
    expect((await client.getJob(jobId)).spent.tokens).toBe(spent.tokens);
    await client.jobs.resume(jobId);
    await expect.poll(async () => (await client.getJob(jobId)).pause?.reason, patience).toBe('tenant-budget');
    expect((await client.getJob(jobId)).spent.tokens).toBeLessThanOrEqual(300);

    // What is left is less than a call, but something: new work is let in, and pauses as well. Of a tenant that has spent all it is refused.
    const { totals } = await client.usage.get();
    expect(totals).toMatchObject({ cost: spent.tokens });
    await end();
    await begin(`spends=hard:${spent.tokens}`);
    await expect(client.ingest({ documents: documents(1) })).rejects.toMatchObject({ status: 402, code: 'TENANT_BUDGET_EXHAUSTED', detail: `${spent.tokens} of ${spent.tokens} USD are spent this month.` });
    const other = await stack.clientFor('saves');
    const { jobId: others } = await other.ingest({ documents: documents(2) });
    expect(await other.waitForJob(others)).toMatchObject({ state: 'succeeded', counts: { succeeded: 2 } });
    // Searches go on.
    await client.search({ query: 'tariff', mode: 'sparse' });

    await end();
    await begin('spends=hard:100000');
    await client.jobs.resume(jobId);
    expect(await client.waitForJob(jobId)).toMatchObject({ state: 'succeeded', pause: null, counts: { succeeded: 40, failed: 0 } });
    expect(await statesOf(client, jobId)).toEqual(Array.from({ length: 40 }, () => 'succeeded'));
    const found = await client.search({ query: 'tariff harbour berths', mode: 'sparse', limit: 100 });
    expect(new Set(found.results.map(({ document }) => document.id)).size).toBe(40);
    expect(found.results).toHaveLength(40);
    // The other tenant has two of these texts as well; beside them nothing was asked for twice.
    const asked = [...embedder.counts].filter(([key]) => key !== textKey('health'));
    expect(asked.reduce((sum, [, count]) => sum + count, 0)).toBe(42);
    expect((await client.ingest({ documents: documents(1) })).jobId).toBeDefined();
  }, 240_000);
});
