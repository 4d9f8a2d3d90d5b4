import { bestSentences } from './bestSentences.ts';
import { candidateTerms } from './candidateTerms.ts';
import type { Highlight } from './highlight.ts';
import { beginningsOf } from './wordBeginnings.ts';
import type { WordBeginnings } from './wordBeginnings.ts';
import { analyse } from '../sparse/analyse.ts';
import type { Term } from '../sparse/analyse.ts';
import { analysisLanguageOf } from '../sparse/languages.ts';

export interface MatchedPassage {
  /** In order of their place, not overlapping. */
  readonly highlights: readonly Highlight[];
  /** Those that hold the most of the query. */
  readonly sentences: readonly Highlight[];
  /** The query's terms that the passage holds. */
  readonly terms: readonly string[];
}

/** The terms of a query, ready to be looked for in passages. */
export interface QueryTerms {
  readonly terms: ReadonlySet<string>;
  /** How words must begin that can give one of the terms. */
  readonly beginnings: WordBeginnings;
  /** What their weight was multiplied by, by the settings of the tenant; only those where that is not 1. */
  readonly factors?: ReadonlyMap<string, number>;
}

const maximumHighlights = 100;

/** Of a search that was not made of words. */
export const noTerms: QueryTerms = { terms: new Set(), beginnings: beginningsOf([]) };

export function queryTerms(query: string): QueryTerms {
  return queryTermsOf(analyse(query).map(({ term }) => term));
}

export function queryTermsOf(found: Iterable<string>): QueryTerms {
  const terms = new Set(found);
  return { terms, beginnings: beginningsOf(terms) };
}

/**
 * Where passages hold terms of the query, by the same analysis that ranked them: that of each document's language (BCP 47, in the
 * order of the passages). Words next to each other are one highlight.
 */
export function matchPassages(query: QueryTerms, passages: readonly string[], languages: readonly (string | undefined)[] = []): MatchedPassage[] {
  return termsByLanguage(query, passages, languages).map((terms, number) => {
    const matched = terms.filter(({ term }) => query.terms.has(term));
    const passage = passages[number] ?? '';
    return { highlights: merged(matched, passage), sentences: bestSentences(passage, matched), terms: [...new Set(matched.map(({ term }) => term))] };
  });
}

/** As a rule all passages are in one language, and are analysed at once. */
function termsByLanguage({ beginnings }: QueryTerms, passages: readonly string[], tags: readonly (string | undefined)[]): Term[][] {
  const languages = passages.map((_, number) => analysisLanguageOf(tags[number]));
  const terms: Term[][] = passages.map(() => []);
  for (const language of new Set(languages)) {
    const numbers = [...passages.keys()].filter((number) => languages[number] === language);
    const found = candidateTerms(numbers.map((number) => passages[number] ?? ''), beginnings, language);
    for (const [place, number] of numbers.entries()) terms[number] = found[place] ?? [];
  }
  return terms;
}

/** Terms in order of place; a name's parts come before the whole, which covers them. */
function merged(terms: readonly Term[], passage: string): Highlight[] {
  const sorted = terms.map(({ start, end }) => ({ start, end })).sort((left, right) => left.start - right.start || right.end - left.end);
  const highlights: { start: number; end: number }[] = [];
  for (const { start, end } of sorted) {
    const last = highlights.at(-1);
    if (last !== undefined && (start <= last.end || /^[ \u00a0-]$/.test(passage.slice(last.end, start)))) last.end = Math.max(last.end, end);
    else if (highlights.length === maximumHighlights) break;
    else highlights.push({ start, end });
  }
  return highlights;
}
