import type { Principal } from '../../contracts/principal.ts';
import type { Correction, DidYouMean } from '../../contracts/queryAnalysis.ts';
import type { Vocabulary } from '../../ports/vocabulary.ts';
import { within } from '../../contracts/within.ts';
import { englishAlone, queryWeights } from '../sparse/queryWeights.ts';
import type { QueryLanguages } from '../sparse/queryWeights.ts';
import { termsSparseVector } from '../sparse/sparseVector.ts';
import type { SpellingCandidate } from './lexicon.ts';
import { createLexicons, defaultLexiconSettings } from './lexicons.ts';
import type { LexiconSettings } from './lexicons.ts';
import { checkedWords } from './queryWords.ts';
import type { QueryWord } from './queryWords.ts';

/**
 * `matchedTerms`: terms of the query that passages already found hold; words with one of them are right. Throws what the vocabulary
 * throws (INDEX_UNAVAILABLE, INDEX_REJECTED): a search that is answered otherwise may leave its failure out.
 */
export type SuggestSpelling = (principal: Principal, query: string, matchedTerms: ReadonlySet<string>, languages?: QueryLanguages) => Promise<DidYouMean | null>;

export interface SpellingSettings extends LexiconSettings {
  /** Milliseconds that a search waits for words that are not in memory yet. */
  readonly patienceMs: number;
}

export const defaultSpellingSettings: SpellingSettings = { ...defaultLexiconSettings, patienceMs: 300 };

/** Words of one query that are looked at. */
const mostWords = 6;
/** Candidates of a word that are looked for in the index, since the lexicon may be a minute old. */
const verified = 3;
/** From this length on two edits leave enough of a word. */
const twoEdits = 8;

/**
 * "Did you mean": words of the query that no passage the caller may see holds, each with the nearest word that one holds. A word
 * that is there is never doubted, however rare: the index itself is asked, not only the lists of words.
 */
export function createSuggestSpelling(vocabulary: Vocabulary, settings: SpellingSettings = defaultSpellingSettings): SuggestSpelling {
  const lexiconOf = createLexicons(vocabulary, settings);
  return async (principal, query, matchedTerms, languages = englishAlone) => {
    const doubtful = checkedWords(query, languages).filter(({ terms }) => ![...terms.keys()].some((term) => matchedTerms.has(term))).slice(0, mostWords);
    if (doubtful.length === 0) return null;
    const held = await vocabulary.holdTerms(principal, doubtful.map(({ terms }) => termsSparseVector(terms)));
    const unknown = doubtful.filter((_, index) => held[index] !== true);
    if (unknown.length === 0) return null;
    const lexicon = await within(settings.patienceMs, lexiconOf(principal));
    if (lexicon === undefined) return null;
    const candidates = unknown.map(({ folded }) => lexicon.near(folded, folded.length >= twoEdits ? 2 : 1).slice(0, verified));
    const present = await presentAmong(vocabulary, principal, candidates.flat(), languages);
    const corrected = unknown.flatMap((word, index) => {
      const best = candidates[index]?.find(({ folded }) => present.has(folded));
      return best === undefined ? [] : [{ word, best }];
    });
    return corrected.length === 0 ? null : answerOf(query, corrected);
  };
}

/** The candidates that some passage holds at this moment. */
async function presentAmong(vocabulary: Vocabulary, principal: Principal, candidates: readonly SpellingCandidate[], languages: QueryLanguages): Promise<Set<string>> {
  const held = await vocabulary.holdTerms(principal, candidates.map(({ shown }) => termsSparseVector(queryWeights(shown, languages))));
  return new Set(candidates.filter((_, index) => held[index] === true).map(({ folded }) => folded));
}

function answerOf(query: string, corrected: readonly { readonly word: QueryWord; readonly best: SpellingCandidate }[]): DidYouMean {
  let text = '';
  let at = 0;
  const corrections: Correction[] = [];
  for (const { word, best } of corrected) {
    const to = /^\p{Lu}/u.test(word.written) ? best.shown.slice(0, 1).toUpperCase() + best.shown.slice(1) : best.shown;
    text += query.slice(at, word.start) + to;
    at = word.end;
    corrections.push({ from: word.written, to, count: best.count });
  }
  return { query: text + query.slice(at), corrections };
}
