import type { DocumentInput } from '../../../src/sdk/client.ts';
import { seededRandom } from '../../chaos/schedule/random.ts';
import type { Random } from '../../chaos/schedule/random.ts';

const syllables = ['ba', 'cor', 'den', 'fli', 'gra', 'hel', 'jin', 'ko', 'lum', 'mar', 'nes', 'or', 'pli', 'qua', 'ris', 'sol', 'tam', 'ul', 'ver', 'wex', 'yol', 'zan'];
const vocabularyWords = 30_000;
const wordsOfPassage = 60;
const wordsOfQuery = 6;

/** Passages of invented words that are as unevenly frequent as those of a language (Zipf), so that the lists of a sparse index are too. One chunk each. */
export function inventPassages(count: number, seed = 1): DocumentInput[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, number) => ({ id: `passage-${number}`, title: inventWords(random, 4), text: `${inventWords(random, wordsOfPassage)}.` }));
}

export function inventQueries(count: number, seed = 2): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => inventWords(random, wordsOfQuery));
}

function inventWords(random: Random, count: number): string {
  return Array.from({ length: count }, () => wordOf(Math.floor(vocabularyWords ** random.next()) - 1)).join(' ');
}

/** The word of a rank, always the same. */
function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length] ?? '';
  return word;
}
