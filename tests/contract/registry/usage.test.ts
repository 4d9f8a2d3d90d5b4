import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createUsageLedger } from '../../../src/adapters/postgres/usage/usageLedger.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import { noUsage } from '../../../src/contracts/usage.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { acceptJob } from '../../support/registryJobs.ts';

let server: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  server = await startTestDatabase();
}, 600_000);
afterAll(() => server.close());

const today = () => new Date().toISOString().slice(0, 10);
const yearSpan = () => ({ from: `${today().slice(0, 4)}-01-01`, to: today() });
const read = (tenant: string, by: 'day' | 'job' = 'day') => createUsageLedger(server.database).read(tenant, yearSpan(), by, undefined, 100);

describe('the ledger of usage', () => {
  it('holds what the account of a job holds, whoever spends at once', async () => {
    const jobs = createJobRegistry(server.database);
    const jobId = await acceptJob(server.database, 'usage-a', 1);
    await Promise.all(Array.from({ length: 20 }, async (_, place) => {
      await jobs.spendTokens('usage-a', jobId, 10 + place, 2);
      await jobs.endStage('usage-a', jobId, [], [], { stage: 'acquire', seconds: 1, bytes: 100, tokens: 0, credits: 0.5 });
    }));
    const spent = (await jobs.find('usage-a', jobId))?.spent;
    expect(spent).toMatchObject({ tokens: 390, bytes: 2_000, credits: 10 });
    const { totals, entries } = await read('usage-a', 'job');
    expect(totals).toEqual({ ...noUsage, tokens: 390, embeddings: 40, bytes: 2_000, credits: 10 });
    expect(entries).toEqual([{ day: null, jobId, ...totals }]);
  });

  it('holds the processor time of stages by job, and of queries beside them, whoever records at once', async () => {
    const jobs = createJobRegistry(server.database);
    const jobId = await acceptJob(server.database, 'usage-p', 1);
    const stages = ['acquire', 'parse', 'chunk', 'embed'] as const;
    await Promise.all(Array.from({ length: 20 }, async (_, place) => {
      await jobs.endStage('usage-p', jobId, [], [], { stage: stages[place % 4] ?? 'parse', seconds: 1, bytes: 100, tokens: 0, credits: 0.5, processorSeconds: place % 4 === 0 ? 0 : 0.25 });
      await jobs.spendTokens('usage-p', jobId, 1, 1);
    }));
    await createUsageLedger(server.database).add('usage-p', newIdentifier(), { queryTokens: 30, processorSeconds: 0.5 });
    const { totals, entries } = await read('usage-p', 'job');
    expect(totals).toEqual({ ...noUsage, tokens: 20, embeddings: 20, bytes: 500, credits: 10, queryTokens: 30, processorSeconds: 4.25 });
    expect(entries.map((entry) => [entry.jobId, entry.processorSeconds, entry.queryTokens])).toEqual([[jobId, 3.75, 0], [null, 0.5, 30]]);
    expect((await read('usage-p')).entries).toMatchObject([{ day: today(), processorSeconds: 4.25 }]);
  });

  it('holds nothing of a transaction that was undone, nor of tokens that did not fit', async () => {
    const jobs = createJobRegistry(server.database);
    const jobId = await acceptJob(server.database, 'usage-b', 1, { budget: { maximumTokens: 100 } });
    await expect(jobs.spendTokens('usage-b', jobId, 101, 1)).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    const undone = server.database.withTenant('usage-b', async (transaction) => {
      await sql`update jobs set spent_tokens = spent_tokens + 5 where id = ${jobId}`.execute(transaction);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow();
    expect((await read('usage-b')).totals).toEqual(noUsage);
  });

  it('takes an entry once, however often it is told, and keeps searches beside jobs', async () => {
    const ledger = createUsageLedger(server.database);
    const entry = newIdentifier();
    for (let round = 0; round < 3; round += 1) await ledger.add('usage-c', entry, { searches: 7, reranks: 2 });
    await ledger.add('usage-c', newIdentifier(), { searches: 1 });
    const jobId = await acceptJob(server.database, 'usage-c', 1);
    await createJobRegistry(server.database).spendTokens('usage-c', jobId, 3, 1);
    expect((await read('usage-c', 'job')).entries).toEqual([{ day: null, jobId, ...noUsage, tokens: 3, embeddings: 1 }, { day: null, jobId: null, ...noUsage, searches: 8, reranks: 2 }]);
    expect((await read('usage-c', 'day')).entries).toEqual([{ day: today(), jobId: null, ...noUsage, tokens: 3, embeddings: 1, searches: 8, reranks: 2 }]);
    expect((await read('usage-d')).totals).toEqual(noUsage);
  });

  it('is read in pages, by day and by job, with the totals of all', async () => {
    const ledger = createUsageLedger(server.database);
    await server.database.withTenant('usage-e', async (transaction) => {
      for (let day = 1; day <= 5; day += 1) await sql`insert into usage_entries (tenant, job_id, at, tokens) values ('usage-e', ${newIdentifier()}, ${`2026-03-0${day}T23:59:59.999Z`}, ${day})`.execute(transaction);
    });
    const span = { from: '2026-03-02', to: '2026-03-05' };
    const first = await ledger.read('usage-e', span, 'day', undefined, 2);
    expect([first.entries.map(({ day }) => day), first.next, first.totals.tokens]).toEqual([['2026-03-02', '2026-03-03'], '2026-03-03', 14]);
    const second = await ledger.read('usage-e', span, 'day', first.next ?? undefined, 2);
    expect([second.entries.map(({ tokens }) => tokens), second.next]).toEqual([[4, 5], null]);
    const byJob = await ledger.read('usage-e', span, 'job', undefined, 3);
    const rest = await ledger.read('usage-e', span, 'job', byJob.next ?? undefined, 3);
    expect([...byJob.entries, ...rest.entries].map(({ tokens }) => tokens)).toEqual([5, 4, 3, 2]);
  });

  it('cannot be changed', async () => {
    await createUsageLedger(server.database).add('usage-f', newIdentifier(), { searches: 1 });
    for (const change of [sql`update usage_entries set searches = 0`, sql`delete from usage_entries`]) {
      await expect(server.database.withTenant('usage-f', (transaction) => change.execute(transaction))).rejects.toThrow();
    }
    expect((await read('usage-f')).totals.searches).toBe(1);
  });
});
