import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../../src/contracts/principal.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { Vocabulary } from '../../../../src/ports/vocabulary.ts';
import { distance } from '../../../../src/retrieval/spelling/distance.ts';
import { createLexicon } from '../../../../src/retrieval/spelling/lexicon.ts';
import { createLexicons } from '../../../../src/retrieval/spelling/lexicons.ts';
import { checkedWords } from '../../../../src/retrieval/spelling/queryWords.ts';
import { createSuggestSpelling, defaultSpellingSettings } from '../../../../src/retrieval/spelling/suggestSpelling.ts';
import { englishAlone } from '../../../../src/retrieval/sparse/queryWeights.ts';

const reader = (policies: string[], tenant = 'acme'): Principal => ({ tenant, subject: 'someone', roles: [], policies });

describe('distance', () => {
  test.each([
    ['cell', 'cell', 0],
    ['cell', 'cel', 1],
    ['cell', 'clel', 1],
    ['cell', 'celll', 1],
    ['cell', 'bell', 1],
    ['treatment', 'treatmnet', 1],
    ['treatment', 'traetmnet', 2],
    ['ca', 'abc', 3],
    ['cell', 'stars', 3],
  ])('%s and %s are %i apart, cut at two', (left, right, expected) => {
    expect(distance(left, right, 2)).toBe(expected);
    expect(distance(right, left, 2)).toBe(expected);
  });

  test('is what the whole table says, whatever the bound', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
    fc.assert(fc.property(word, word, fc.integer({ min: 0, max: 3 }), (left, right, most) => distance(left, right, most) === Math.min(distance(left, right, 20), most + 1)));
  });
});

describe('lexicon', () => {
  const lexicon = createLexicon([{ entry: 'cell', count: 9 }, { entry: 'bell', count: 20 }, { entry: 'cells', count: 3 }, { entry: 'hauser|häuser', count: 2 }, { entry: 'hauser', count: 1 }, { entry: 'treatment', count: 1 }]);

  test('orders by distance, then by how many documents list a word', () => {
    expect(lexicon.near('cel', 2).map(({ folded, distance: apart }) => [folded, apart])).toEqual([['cell', 1], ['bell', 2], ['cells', 2]]);
    expect(lexicon.near('xell', 1).map(({ folded }) => folded)).toEqual(['bell', 'cell']);
    expect(lexicon.near('zzzz', 1)).toEqual([]);
  });

  test('spellings that differ in accents are one word, shown as most write it', () => {
    expect(lexicon.near('hausr', 1)).toEqual([{ folded: 'hauser', shown: 'häuser', count: 3, distance: 1 }]);
    expect(lexicon.size).toBe(5);
  });

  test('no word within reach is dismissed uncompared', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefäя'), minLength: 3, maxLength: 9 });
    fc.assert(fc.property(fc.uniqueArray(word, { maxLength: 30 }), word, fc.constantFrom(1, 2), (words, wanted, most) => {
      const near = createLexicon(words.map((entry) => ({ entry, count: 1 }))).near(wanted, most).map(({ folded }) => folded);
      expect(near.sort()).toEqual(words.filter((each) => each !== wanted && distance(wanted, each, most) <= most).sort());
    }));
  });
});

test('only plain words of some length are checked', () => {
  expect(checkedWords('The qick COVID-19 foxx E11.9 cat 日本語 GETDATA naïve Größe', englishAlone).map(({ written }) => written)).toEqual(['qick', 'foxx', 'naïve', 'Größe']);
});

describe('lexicons', () => {
  test('are kept by tenant and policies, read once however many ask, and for their time only', async () => {
    let time = 0;
    const asked: string[] = [];
    const lexiconOf = createLexicons({ listWords: ({ tenant, policies }) => (asked.push(`${tenant} ${policies.join()}`), Promise.resolve([])) }, { keptMs: 100, most: 3, words: 10 }, () => time);
    await Promise.all([lexiconOf(reader(['a', 'b'])), lexiconOf(reader(['b', 'a'])), lexiconOf(reader(['a'])), lexiconOf(reader(['a', 'b'], 'other'))]);
    expect(asked).toEqual(['acme a,b', 'acme a', 'other a,b']);
    time = 100;
    await lexiconOf(reader(['a']));
    expect(asked).toHaveLength(4);
    await lexiconOf(reader(['c']));
    await lexiconOf(reader(['a']));
    expect(asked).toHaveLength(5);
  });

  test('a failure is told and not kept', async () => {
    const down = new CatalystError('INDEX_UNAVAILABLE', 'down');
    let calls = 0;
    const lexiconOf = createLexicons({ listWords: () => ((calls += 1), calls === 1 ? Promise.reject(down) : Promise.resolve([{ entry: 'cell', count: 1 }])) });
    await expect(lexiconOf(reader([]))).rejects.toBe(down);
    expect((await lexiconOf(reader([]))).size).toBe(1);
  });
});

test('a search does not wait for words that are slow to come; the next one has them', async () => {
  const list: { release?: () => void } = {};
  const words = new Promise<readonly { entry: string; count: number }[]>((resolve) => void (list.release = () => resolve([{ entry: 'cells', count: 1 }])));
  const vocabulary: Vocabulary = { findLabels: () => Promise.resolve([]), sampleWords: () => Promise.resolve([]), listWords: () => words, holdTerms: (_principal, vectors) => Promise.resolve(vectors.map(({ indices }) => indices.length === 1 && heldOnce())) };
  let looks = 0;
  // The first look in each search is at the query's word, the second at what it may be.
  const heldOnce = (): boolean => (looks += 1) !== 1 && looks !== 2;
  const suggest = createSuggestSpelling(vocabulary, { ...defaultSpellingSettings, patienceMs: 5 });
  expect(await suggest(reader([]), 'celsl', new Set())).toBeNull();
  list.release?.();
  expect(await suggest(reader([]), 'celsl', new Set())).toEqual({ query: 'cells', corrections: [{ from: 'celsl', to: 'cells', count: 1 }] });
});
