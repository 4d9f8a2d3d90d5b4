import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { take } from '../../src/cli/jsonOutput.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let reader: CatalystClient;
let lawyer: CatalystClient;
const rounds = 50;

beforeAll(async () => {
  stack = await startFullStack();
  reader = await stack.clientFor('labels');
  lawyer = await stack.clientFor('labels', ['legal']);
  const documents = Array.from({ length: rounds }, (_, index) => ({ id: `d${index}`, title: `Report ${index}`, text: `Report number ${index} tells of the ferry quetzal${index} and of its harbour.` }));
  const { jobId } = await reader.ingest({ documents });
  expect((await reader.waitForJob(jobId)).state).toBe('succeeded');
}, 600_000);
afterAll(() => stack.stop(), 60_000);

async function finds(client: CatalystClient, query: string): Promise<string[]> {
  return (await client.search({ query, limit: 100 })).results.map(({ document }) => document.id);
}

describe('a change of labels through the API', () => {
  it('hides documents from every search that begins after the answer', async () => {
    const documents = await take(reader.documents.list(), 100);
    expect(documents).toHaveLength(rounds);
    const waits: number[] = [];
    for (const { id, title } of documents) {
      const query = `quetzal${title?.slice('Report '.length)}`;
      // Remembered, so that what is kept of answers is put to the test too.
      expect(await finds(reader, query)).toContain(id);
      const askedAt = performance.now();
      expect(await reader.documents.setLabels([id], ['legal'])).toMatchObject({ documents: 1, inSearch: true });
      expect(await finds(reader, query)).not.toContain(id);
      waits.push(performance.now() - askedAt);
    }
    waits.sort((left, right) => left - right);
    const at = (share: number): string => (waits[Math.ceil(share * waits.length) - 1] ?? NaN).toFixed(0);
    console.log(`ms from the request until a search did not find it, ${waits.length} changes: median ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`);
    // Far above what it takes, since the machine of the tests may be busy with others.
    expect(Number(at(0.99))).toBeLessThan(5_000);
  }, 120_000);

  it('hides them everywhere: list, document, history, artifacts, suggestions, facets', async () => {
    const [hidden] = await take(lawyer.documents.list(), 1);
    const id = hidden?.id ?? '';
    expect(await take(reader.documents.list(), 100)).toEqual([]);
    const artifact = async () => { for await (const part of await reader.documents.artifact(id, 'text')) expect(part).toBeUndefined(); };
    for (const call of [() => reader.documents.get(id), () => reader.documents.history(id), artifact, () => reader.documents.setLabels([id], [])]) await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await reader.suggest({ q: 'quetz' })).toMatchObject({ titles: [], headings: [], terms: [] });
    expect((await lawyer.suggest({ q: 'quetz' })).terms.length).toBeGreaterThan(0);
    const faceted = await reader.search({ query: 'ferry', facets: ['source.type'] });
    expect([faceted.results, faceted.facets]).toEqual([[], { 'source.type': [] }]);
    expect((await lawyer.search({ query: 'ferry', facets: ['source.type'] })).facets?.['source.type']?.length).toBe(1);
    expect(await lawyer.documents.get(id)).toMatchObject({ labels: ['legal'], labelsSet: true });
  }, 60_000);

  it('stays when the documents are ingested again, and goes when it is taken back', async () => {
    const [hidden] = await take(lawyer.documents.list(), 1);
    const { jobId } = await reader.ingest({ documents: [{ id: hidden?.source?.location.replace(/^id:/, '') ?? '', title: 'Report', text: 'Report anew tells of the ferry xylophone.' }] });
    expect((await reader.waitForJob(jobId)).state).toBe('succeeded');
    expect(await finds(reader, 'xylophone')).toEqual([]);
    const [found] = await finds(lawyer, 'xylophone');
    expect(found).toBeDefined();
    await lawyer.documents.setLabels([found ?? ''], null);
    expect(await finds(reader, 'xylophone')).toEqual([found]);
  }, 60_000);
});
