import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { suggestQuerySchema, suggestResponseSchema } from '../../../src/contracts/suggest.ts';
import type { SuggestResponse } from '../../../src/contracts/suggest.ts';
import { createSuggest } from '../../../src/retrieval/suggest/suggest.ts';
import { newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, version } from './points.ts';
import type { Version, VersionOptions } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
beforeAll(async () => {
  server = await startIndexServer();
  index = server.open(newAlias());
  await index.prepare();
});
afterAll(() => server.stop());

async function suggest(reader: Principal, q: string, more: object = {}): Promise<SuggestResponse> {
  const response = await createSuggest(index)(reader, suggestQuerySchema.parse({ q, ...more }));
  expect(suggestResponseSchema.parse(response)).toEqual(response);
  return response;
}

async function write(options: VersionOptions): Promise<Version> {
  const made = version({ visible: true, ...options });
  await index.upsert(made.points);
  return made;
}

const shown = ({ titles, headings, terms }: SuggestResponse): unknown => ({ titles: titles.map(({ text }) => text), headings: headings.map(({ text }) => text), terms: terms.map(({ text, count }) => [text, count]) });

describe('suggestions', () => {
  test('complete titles, headings and frequent words, from two letters on, in the middle of titles and without accents', async () => {
    const tenant = 'suggest';
    const reader = principal(tenant);
    const failure = await write({ tenant, name: 'Heart failure in older patients', texts: ['Cardiac output falls. Congestive failure follows.', 'Cardiac output was measured.'], headings: [['Symptoms'], ['Étude clinique', 'Cardiac output']] });
    await write({ tenant, name: 'Congestive heart failure', texts: ['The cardiac muscle is weak, and congestive.'] });
    await write({ tenant, name: 'A café guide', texts: ['Cafés and cafe culture. Codes E11.9 and COVID-19.'] });
    expect(shown(await suggest(reader, 'ca'))).toEqual({ titles: ['A café guide'], headings: ['Cardiac output'], terms: [['cardiac', 2], ['café', 1]] });
    expect(shown(await suggest(reader, 'CAFE'))).toMatchObject({ titles: ['A café guide'], terms: [['café', 1]] });
    expect(shown(await suggest(reader, 'heart fai'))).toEqual({ titles: ['Heart failure in older patients', 'Congestive heart failure'], headings: [], terms: [['heart failure', 2]] });
    expect(shown(await suggest(reader, 'etude cl'))).toMatchObject({ headings: ['Étude clinique'] });
    expect(shown(await suggest(reader, 'covid-1'))).toMatchObject({ terms: [['covid-19', 1]] });
    expect(shown(await suggest(reader, 'e11.'))).toMatchObject({ terms: [['e11.9', 1]] });
    expect(shown(await suggest(reader, 'failure hea'))).toMatchObject({ titles: ['Congestive heart failure', 'Heart failure in older patients'] });
    expect((await suggest(reader, 'heart failure in')).titles).toEqual([{ text: 'Heart failure in older patients', documentId: failure.documentId }]);
    expect((await suggest(reader, 'cardiac ou')).headings).toEqual([{ text: 'Cardiac output', documentId: failure.documentId, title: 'Heart failure in older patients' }]);
    expect(shown(await suggest(reader, 'zz'))).toEqual({ titles: [], headings: [], terms: [] });
    expect(shown(await suggest(reader, '!?'))).toEqual({ titles: [], headings: [], terms: [] });
    expect(shown(await suggest(reader, 'ca', { kinds: 'terms', limit: 1 }))).toEqual({ titles: [], headings: [], terms: [['cardiac', 2]] });
  });

  test('a caller is offered only what he may find: of his tenant, under labels he holds, visible', async () => {
    await write({ tenant: 'ours', name: 'Quarterly open report', texts: ['Quorum reached.'] });
    await write({ tenant: 'ours', name: 'Quarterly secret report', texts: ['Quicksilver plan.'], payload: { policies: ['board'] }, headings: [['Quiet acquisition']] });
    await write({ tenant: 'ours', name: 'Quarterly draft', visible: false, texts: ['Quagmire.'] });
    await write({ tenant: 'theirs', name: 'Quarterly foreign report', texts: ['Quartz mine.'] });
    expect(shown(await suggest(principal('ours'), 'qu'))).toEqual({ titles: ['Quarterly open report'], headings: [], terms: [['quorum', 1], ['quarterly', 1]] });
    expect(shown(await suggest(principal('ours', ['board']), 'qu'))).toEqual({
      titles: ['Quarterly open report', 'Quarterly secret report'], headings: ['Quiet acquisition'], terms: [['quarterly', 2], ['quiet', 1], ['quorum', 1], ['quicksilver', 1]],
    });
    expect(shown(await suggest(principal('ours', ['staff']), 'quick'))).toEqual({ titles: [], headings: [], terms: [] });
    expect(shown(await suggest(principal('theirs', ['board']), 'qu'))).toEqual({ titles: ['Quarterly foreign report'], headings: [], terms: [['quartz', 1], ['quarterly', 1]] });
    expect(shown(await suggest(principal('nobody', ['board']), 'qu'))).toEqual({ titles: [], headings: [], terms: [] });
  });

  test('what is hidden or deleted is gone from the next suggestion, and a new version takes the place of the old', async () => {
    const reader = principal('changes');
    const first = await write({ tenant: 'changes', name: 'note', texts: ['Velociraptor.'], payload: { title: 'Velocity of dinosaurs' } });
    const other = await write({ tenant: 'changes', name: 'other', texts: ['Velodrome.'] });
    expect(shown(await suggest(reader, 'vel'))).toMatchObject({ titles: ['Velocity of dinosaurs'], terms: [['velocity', 1], ['velodrome', 1], ['velociraptor', 1]] });
    const second = version({ tenant: 'changes', name: 'note', sequence: 2, texts: ['Velvet.'], payload: { title: 'Velvet cloth' } });
    await index.upsert(second.points);
    await index.publish('changes', [second]);
    expect(shown(await suggest(reader, 'vel'))).toEqual({ titles: ['Velvet cloth'], headings: [], terms: [['velvet', 1], ['velodrome', 1]] });
    await index.hideDocuments('changes', [{ documentId: first.documentId, sequence: 2 }]);
    expect(shown(await suggest(reader, 'vel'))).toEqual({ titles: [], headings: [], terms: [['velodrome', 1]] });
    await index.deleteDocuments('changes', [{ documentId: first.documentId, sequence: 2 }, { documentId: other.documentId, sequence: 1 }]);
    expect(shown(await suggest(reader, 'vel'))).toEqual({ titles: [], headings: [], terms: [] });
  });

  test('where more passages match than are looked at, the most frequent words still come first, marked as counted in part', async () => {
    const reader = principal('many');
    const words = ['marker', 'market', 'marble'];
    const made = Array.from({ length: 400 }, (_, number) => version({ tenant: 'many', name: `n${number}`, visible: true, texts: [[words[0], ...(number % 2 === 0 ? [words[1]] : []), ...(number % 8 === 0 ? [words[2]] : [])].join(' ')] }));
    await index.upsert(made.flatMap(({ points }) => points));
    const { terms } = await suggest(reader, 'mar');
    expect(terms.map(({ term }) => term)).toEqual(words);
    expect(terms.every(({ countIsExact, count }) => !countIsExact && count <= 128)).toBe(true);
    expect((await suggest(reader, 'marb')).terms).toEqual([{ text: 'marble', term: 'marble', count: 50, countIsExact: true }]);
  });
});
