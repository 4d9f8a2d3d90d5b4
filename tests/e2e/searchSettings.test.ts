import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../infra/local/supervision/ports.ts';
import type { SearchResponse } from '../../src/contracts/search.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let second: ChildProcess;
let secondUrl: string;

beforeAll(async () => {
  stack = await startFullStack();
  const { api } = await freePorts();
  secondUrl = `http://127.0.0.1:${api}`;
  second = spawn(process.execPath, ['src/api/main.ts'], { env: { ...process.env, ...stack.environment, CATALYST_API_PORT: String(api) }, stdio: 'ignore' });
  for (let isReady = false; !isReady; await sleep(200)) isReady = await fetch(`${secondUrl}/readyz`).then(({ ok }) => ok, () => false);
}, 600_000);

afterAll(async () => {
  if ((second as ChildProcess | undefined)?.kill('SIGTERM') === true) await once(second, 'exit');
  await (stack as FullStack | undefined)?.stop();
}, 60_000);

const titles = ({ results }: SearchResponse): string[] => results.map(({ document }) => document.title);

/** A tenant with three documents, and its clients in both processes. */
async function tenantWithDocuments(tenant: string): Promise<{ here: CatalystClient; elsewhere: CatalystClient }> {
  const here = await stack.clientFor(tenant);
  const { jobId } = await here.ingest({
    documents: [
      { id: 'terms', title: 'Contoso terms', text: 'Contoso takes back what was bought from Contoso within thirty days. Refunds by Contoso go to the card.' },
      { id: 'warranty', title: 'Repairs', text: 'A warranty claim is made in writing. The ibuprofen cabinet is locked.' },
      { id: 'office', title: 'Office', text: 'The office is open on weekdays from nine to five, and answers questions about deliveries, opening hours, parking and refunds.' },
    ],
  });
  expect((await here.waitForJob(jobId)).state).toBe('succeeded');
  return { here, elsewhere: new CatalystClient({ url: secondUrl, token: await stack.tokenFor(tenant) }) };
}

describe('search settings', () => {
  it('act from the next search on, also in another process that had remembered the answer; for that tenant alone', async () => {
    const { here, elsewhere } = await tenantWithDocuments('tuned');
    const twin = await tenantWithDocuments('untuned');
    const ask = (client: CatalystClient): Promise<SearchResponse> => client.search({ query: 'Contoso warranty', mode: 'sparse', explain: true });
    const [before] = [await ask(elsewhere), await ask(twin.here)];
    expect((await ask(elsewhere)).cached).toBe(true);
    expect(before.degradations).toEqual([]);
    expect(before.results).toHaveLength(2);
    for (const round of [1, 2, 3]) {
      await here.searchSettings.set({ termWeights: { Contoso: 0 } });
      const left = await ask(elsewhere);
      expect([titles(left), left.analysis?.termWeights, left.cached], `round ${round}`).toEqual([['Repairs'], [{ term: 'Contoso', weight: 0 }], undefined]);
      expect((await ask(elsewhere)).cached).toBe(true);
      await here.searchSettings.remove();
      const restored = await ask(elsewhere);
      expect(titles(restored), `round ${round}`).toEqual(titles(before));
      expect(restored.results.map(({ score }) => score)).toEqual(before.results.map(({ score }) => score));
    }
    expect(titles(await ask(twin.here))).toEqual(titles(before));
    expect(await twin.here.searchSettings.get()).toEqual({ revision: 0 });
  }, 120_000);

  it('boosts order what is found, and give way to those of the request', async () => {
    const { here } = await tenantWithDocuments('boosted');
    const query = { query: 'Contoso refunds warranty', mode: 'sparse', explain: true } as const;
    const [first, middle, last] = (await here.search(query)).results.map(({ document }) => document.id);
    const { revision } = await here.searchSettings.set({ boosts: { documents: { [first!]: -1, [middle!]: 0.5 } } });
    expect(revision).toBe(1);
    const ids = ({ results }: SearchResponse): string[] => results.map(({ document }) => document.id);
    const boosted = await here.search(query);
    expect(boosted.results.slice(0, 2).map(({ document, scores }) => [document.id, scores.boosts])).toEqual([
      [middle, [{ name: 'document', value: 0.5 }]],
      [first, [{ name: 'document', value: -1 }]],
    ]);
    expect(ids(await here.search({ ...query, boosts: { documents: {} } }))).toEqual([first, middle, last]);
    const debugged = await here.debugSearch(query);
    expect(debugged.debug.tenant).toEqual({ revision: 1, boosts: { documents: { [first!]: -1, [middle!]: 0.5 } }, termWeights: [] });
    expect(debugged.debug.weights).toEqual({ contoso: 1, refund: 1, warranti: 1 });
  }, 120_000);

  it('synonyms act from the next search on in another process too, with the weight of the term they stand for', async () => {
    const { here, elsewhere } = await tenantWithDocuments('worded');
    const ask = (): Promise<SearchResponse> => elsewhere.search({ query: 'NSAID', mode: 'sparse', explain: true });
    for (const round of [1, 2]) {
      expect(titles(await ask()), `round ${round}`).toEqual([]);
      await here.synonyms.set({ rules: [{ from: 'NSAID', to: ['ibuprofen'] }] });
      expect(titles(await ask()), `round ${round}`).toEqual(['Repairs']);
      await here.searchSettings.set({ termWeights: { nsaid: 2 } });
      expect((await ask()).analysis).toMatchObject({ synonyms: [{ from: 'NSAID', to: 'ibuprofen', weight: 1 }], termWeights: [{ term: 'nsaid', weight: 2 }] });
      await here.searchSettings.remove();
      await here.synonyms.remove();
    }
  }, 120_000);

  it('keep codes of tokens from what the tenant ingests, until it changes its mind and ingests again', async () => {
    const tenants = { with: await stack.clientFor('codes'), without: await stack.clientFor('no-codes') };
    const documents = [{ id: 'fever', title: 'Fever', text: 'Aspirin lowers fever by blocking the synthesis of prostaglandins.' }, { id: 'bread', title: 'Bread', text: 'Sourdough bread rises by wild yeast.' }];
    const ingest = async (client: CatalystClient, dryRun = false) => {
      const { jobId } = await client.ingest({ documents, dryRun });
      await client.waitForJob(jobId);
      const changes: (string | null)[] = [];
      for await (const { outcome, preview } of client.listJobDocuments(jobId)) changes.push(preview?.change ?? outcome);
      return changes;
    };
    const reranked = async (client: CatalystClient) => (await client.search({ query: 'which drug against a high temperature', rerank: 'built-in' })).results.map(({ scores }) => scores.rerank !== undefined);
    await tenants.without.searchSettings.set({ tokenVectors: 'off' });
    for (const client of Object.values(tenants)) expect(await ingest(client)).toEqual(['created', 'created']);
    expect([await reranked(tenants.with), await reranked(tenants.without)]).toEqual([[true, true], [false, false]]);
    expect(await ingest(tenants.without, true)).toEqual(['none', 'none']);
    await tenants.without.searchSettings.set({ tokenVectors: 'on' });
    expect([await ingest(tenants.without, true), await ingest(tenants.without)]).toEqual([['update', 'update'], ['updated', 'updated']]);
    expect(await ingest(tenants.with)).toEqual(['unchanged', 'unchanged']);
    expect(await reranked(tenants.without)).toEqual([true, true]);
  }, 120_000);
});
