import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalystClient, SearchInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let client: CatalystClient;
beforeAll(async () => {
  stack = await startFullStack();
  client = await stack.clientFor('clinic');
  const { jobId } = await client.ingest({
    documents: [
      { id: 'coding', text: '# Coding guide\n\nOn our wards we code by ICD-10. Type 2 diabetes without complications is E11.9, essential hypertension (I10).', mediaType: 'text/markdown', tags: ['guide'], metadata: { reviewed: '2026-02-10', part: 'AX-41' } },
      { id: 'insulin', title: 'Diabetes mellitus Typ 1 (E10.9)', text: 'Insulin wird bei dieser Krankheit ein Leben lang gespritzt, denn der Körper stellt selbst keines mehr her. Die Dosis richtet sich nach den Mahlzeiten.', tags: ['patients'], metadata: { reviewed: '2025-06-30T08:00:00Z', part: 'AX-5' } },
      { id: 'sport', text: 'Before the T20 cricket match a drink with vitamin B12 was served, and the M16 rifle stayed in its box. Diabetes was no topic at all.', tags: ['sport'] },
      { id: 'secret', text: 'A confidential case of E11.65 was discussed by the board.', tags: ['secret'], policies: ['board'] },
    ],
  });
  expect(await client.waitForJob(jobId)).toMatchObject({ state: 'succeeded' });
}, 600_000);
afterAll(async () => {
  await (stack as FullStack | undefined)?.stop();
}, 60_000);

async function found(input: Omit<SearchInput, 'query'>, as = client): Promise<string[]> {
  const { results } = await as.search({ query: 'diabetes', ...input });
  return results.map(({ document }) => document.source.location).sort();
}

describe('filters over documents that were ingested through the API', () => {
  it('E11 finds the passage with E11.9, and a range finds both kinds of diabetes', async () => {
    expect(await found({ filters: { codes: { 'icd-10': ['E11'] } } })).toEqual(['coding']);
    expect(await found({ filters: { codes: { 'icd-10': ['E11.8'] } } })).toEqual([]);
    expect(await found({ filters: { codes: { 'icd-10': ['E10-E14'] } } })).toEqual(['coding', 'insulin']);
    expect(await found({ filters: { codes: { 'icd-10': ['I10'] } } })).toEqual(['coding']);
    expect(await found({ filters: { codes: { 'icd-10': ['T20', 'M16'] } } })).toEqual([]);
    const { results } = await client.search({ query: 'diabetes', filters: { codes: { 'icd-10': ['E11'] } } });
    expect(results[0]?.chunk.codes).toEqual([{ system: 'icd-10', code: 'E11.9' }, { system: 'icd-10', code: 'I10' }]);
  });

  it('codes under a label are found and counted for those who hold it alone', async () => {
    const board = await stack.clientFor('clinic', ['board']);
    expect(await found({ filters: { codes: { 'icd-10': ['E11'] } } }, board)).toEqual(['coding', 'secret']);
    const facetsFor = async (as: CatalystClient) => (await as.search({ query: 'diabetes', filters: { codes: { 'icd-10': ['E11'] } }, facets: ['codes.icd-10', 'tags'] })).facets;
    expect(Object.fromEntries((await facetsFor(client))?.['codes.icd-10']?.map(({ value, count }) => [value, count]) ?? [])).toEqual({ E11: 1, 'E11.9': 1, I10: 1 });
    expect((await facetsFor(client))?.['tags']).toEqual([{ value: 'guide', count: 1 }]);
    expect((await facetsFor(board))?.['codes.icd-10']?.[0]).toEqual({ value: 'E11', count: 2 });
    expect((await facetsFor(await stack.clientFor('elsewhere', ['board'])))?.['codes.icd-10']).toEqual([]);
  });

  it('filters by language, dates and beginnings, and leaves out', async () => {
    expect(await found({ filters: { languages: ['de'] } })).toEqual(['insulin']);
    expect(await found({ filters: { metadata: { reviewed: { from: '2026-01-01', to: '2026-02-10' } } } })).toEqual(['coding']);
    expect(await found({ filters: { metadata: { part: { prefix: 'AX-4' } } } })).toEqual(['coding']);
    expect(await found({ filters: { metadata: { part: { exists: false } } } })).toEqual(['sport']);
    expect(await found({ filters: { source: { locationPrefix: 'co' } } })).toEqual(['coding']);
    expect(await found({ filters: { not: { tags: ['sport'], languages: ['de'] } } })).toEqual(['coding']);
  });

  it('an unknown system is refused with those that are known', async () => {
    const asked = client.search({ query: 'x', filters: { codes: { snomed: ['1'] } as object } });
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringMatching(/"icd-10", "icd-11"/) as string });
  });
});
