import { describe, expect, test } from 'vitest';
import { synonymsSchema } from '../../../../src/contracts/synonyms.ts';
import type { Synonyms } from '../../../../src/contracts/synonyms.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { Principal } from '../../../../src/contracts/principal.ts';
import { prepareQuery } from '../../../../src/retrieval/analysis/prepareQuery.ts';
import { matchPassages, queryTerms } from '../../../../src/retrieval/highlights/highlights.ts';
import { queryWeights } from '../../../../src/retrieval/sparse/queryWeights.ts';
import { englishAlone } from '../../../../src/retrieval/sparse/queryWeights.ts';
import { querySparseVector } from '../../../../src/retrieval/sparse/sparseVector.ts';
import { expandQuery } from '../../../../src/retrieval/synonyms/expandQuery.ts';
import { createTenantSynonyms } from '../../../../src/retrieval/synonyms/tenantSynonyms.ts';

const synonyms = synonymsSchema.parse({
  groups: [['heart attack', 'myocardial infarction', 'MI'], ['car', 'automobile']],
  rules: [{ from: 'NSAID', to: ['ibuprofen', 'naproxen'] }, { from: 'COVID-19', to: ['coronavirus disease'] }],
});
const expand = (query: string, used: Synonyms = synonyms): { added: [string, number][]; uses: string[] } => {
  const weights = queryWeights(query, englishAlone);
  const expanded = expandQuery(query, weights, { synonyms: used, languages: englishAlone });
  for (const [term, weight] of weights) expect(expanded.weights.get(term)).toBe(weight);
  return { added: [...expanded.weights].filter(([term]) => !weights.has(term)), uses: expanded.uses.map(({ from, to, weight }) => `${from} → ${to} ${weight}`) };
};

describe('synonyms', () => {
  test('phrases are found by their stems, next to each other; all of a group are added below what was written', () => {
    expect(expand('treating heart attacks')).toEqual({ added: [['myocardi', 0.5], ['infarct', 0.5], ['mi', 0.5]], uses: ['heart attack → myocardial infarction 0.5', 'heart attack → MI 0.5'] });
    expect(expand('attack of the heart').uses).toEqual([]);
    expect(expand('heart of attack').uses).toEqual(['heart attack → myocardial infarction 0.5', 'heart attack → MI 0.5']);
    expect(expand('Automobiles')).toEqual({ added: [['car', 0.5]], uses: ['automobile → car 0.5'] });
  });

  test('a long synonym of a short word shares its weight', () => {
    expect(expand('MI')).toEqual({ added: [['heart', 0.25], ['attack', 0.25], ['myocardi', 0.25], ['infarct', 0.25]], uses: ['MI → heart attack 0.25', 'MI → myocardial infarction 0.25'] });
  });

  test('rules go one way, and names of several parts are matched whole', () => {
    expect(expand('nsaids').added).toEqual([['ibuprofen', 0.5], ['naproxen', 0.5]]);
    expect(expand('ibuprofen').added).toEqual([]);
    expect(expand('covid19 cases').added.map(([term]) => term)).toEqual(['coronavirus', 'diseas']);
    expect(expand('covid cases').added).toEqual([]);
  });

  test('what the query says itself is not added, and nothing is without synonyms', () => {
    expect(expand('car or automobile').uses).toEqual([]);
    expect(expand('heart attack', { groups: [], rules: [] })).toEqual({ added: [], uses: [] });
  });

  test('one query uses a bounded number', () => {
    const many = synonymsSchema.parse({ rules: Array.from({ length: 60 }, (_, number) => ({ from: 'word', to: [`target${number}`] })) });
    expect(expand('word', many).uses).toHaveLength(20);
  });

  test('bad ones are refused', () => {
    for (const wrong of [{ groups: [['alone']] }, { groups: [['a', ' ']] }, { rules: [{ from: '…', to: ['x'] }] }, { rules: [{ from: 'x', to: [] }] }, { unknown: [] }]) expect(synonymsSchema.safeParse(wrong).success).toBe(false);
  });
});

describe('a prepared query', () => {
  test('without hints is what it always was', () => {
    for (const query of ['dividing cells', 'E11.9 COVID-19', 'what is the', 'Häuser in Wien']) {
      const prepared = prepareQuery(query);
      expect(prepared.sparse).toEqual(querySparseVector(query));
      expect(prepared.terms).toEqual(queryTerms(query));
    }
  });

  test('tells what was made of it, and marks synonyms too', () => {
    const { analysis, terms } = prepareQuery('treat MI', { synonyms });
    expect(analysis).toMatchObject({ intent: 'identifier', language: 'en', languages: ['en'], synonyms: [{ from: 'MI', to: 'heart attack', weight: 0.25 }, { from: 'MI', to: 'myocardial infarction', weight: 0.25 }] });
    const [matched] = matchPassages(terms, ['Myocardial infarction is treated.']);
    expect(matched?.highlights).toEqual([{ start: 0, end: 21 }, { start: 25, end: 32 }]);
  });

  test('marks words by the language of each passage', () => {
    const { terms } = prepareQuery('Häuser der Stadt', { language: 'de', held: ['de', 'en'] });
    const passages = ['Das Haus in der Stadt', 'The house in Stadt', 'Ein Haus'];
    const marked = matchPassages(terms, passages, ['de', 'en', 'de']).map(({ highlights }, number) => highlights.map(({ start, end }) => passages[number]?.slice(start, end)));
    expect(marked).toEqual([['Haus', 'Stadt'], ['Stadt'], ['Haus']]);
  });
});

describe('synonyms of a tenant', () => {
  const reader: Principal = { tenant: 'acme', subject: 'someone', roles: [], policies: [] };

  test('are used at once where they are changed, and read again within seconds', async () => {
    let stored: Synonyms = { groups: [], rules: [] };
    let reads = 0;
    const tenant = createTenantSynonyms({ read: () => ((reads += 1), Promise.resolve(stored)), write: (_tenant, written) => ((stored = written), Promise.resolve()), remove: () => Promise.resolve() });
    expect((await tenant.known(reader)).value.groups).toEqual([]);
    await tenant.known(reader);
    expect(reads).toBe(1);
    await tenant.write('acme', synonyms);
    expect(await tenant.known(reader)).toEqual({ value: synonyms });
    expect(reads).toBe(2);
  });

  test('a search goes on without them while the registry is away, and can say so', async () => {
    const down = new CatalystError('REGISTRY_UNAVAILABLE', 'away');
    const away = createTenantSynonyms({ read: () => Promise.reject(down), write: () => Promise.resolve(), remove: () => Promise.resolve() });
    expect(await away.known(reader)).toEqual({ value: { groups: [], rules: [] }, failure: down });
    const slow = createTenantSynonyms({ read: () => new Promise(() => undefined), write: () => Promise.resolve(), remove: () => Promise.resolve() }, { keptMs: 10, most: 2, patienceMs: 5 });
    expect((await slow.known(reader)).failure?.code).toBe('REGISTRY_UNAVAILABLE');
  });
});
