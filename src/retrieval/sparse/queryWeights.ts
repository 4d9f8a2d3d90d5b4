import { analyse } from './analyse.ts';
import type { Term } from './analyse.ts';
import { defaultLanguage } from './languages.ts';
import type { AnalysisLanguage } from './languages.ts';
import { stopWordsOf } from './stopWords.ts';
import { fold } from './fold.ts';

/** The languages by whose rules a query is analysed. */
export interface QueryLanguages {
  /** What the query is written in, where that is known or told. */
  readonly primary?: AnalysisLanguage | undefined;
  /** What it may be written in, or what its names may stand among. */
  readonly others: readonly AnalysisLanguage[];
  /** What most of the documents are written in. */
  readonly usual?: AnalysisLanguage;
}

export const englishAlone: QueryLanguages = { primary: defaultLanguage, others: [] };

export function allLanguages({ primary, others }: QueryLanguages): readonly AnalysisLanguage[] {
  const all = primary === undefined ? others : [primary, ...others];
  return all.length === 0 ? [defaultLanguage] : all;
}

/** A factor for each of the terms that one language makes of a text. */
export type FactorsOf = (terms: readonly Term[], language: AnalysisLanguage) => readonly number[];

/** Share that the reading of a word in another language has, where the query's own is known. */
const otherWeight = 0.5;

/**
 * The terms of a query, each with its weight: how often it occurs. A word that languages stem differently gives several terms.
 * A passage is written in one language and holds one of them, so that no word counts twice. Where the query's language is known,
 * the readings of others weigh less. Its stop words give nothing in any language, else those of the usual language: a passage whose
 * language was mistaken holds them as words, rare ones in its language, and would be the best for every query.
 * `factorsOf` makes terms weigh more or less; one of 0 stays, with the weight 0.
 */
export function queryWeights(text: string, languages: QueryLanguages, factorsOf?: FactorsOf): Map<string, number> {
  const { primary, others, usual = defaultLanguage } = languages;
  const readings = new Map<string, Map<string, number>>();
  if (primary !== undefined) read(readings, text, { language: primary, weight: 1, factorsOf });
  const silent = stopWordsOf(primary ?? usual);
  for (const language of new Set(others)) if (language !== primary) read(readings, text, { language, weight: primary === undefined ? 1 : otherWeight, silent, factorsOf });
  const weights = new Map<string, number>();
  for (const terms of readings.values()) for (const [term, weight] of terms) weights.set(term, (weights.get(term) ?? 0) + weight);
  return weights;
}

interface Reading {
  readonly language: AnalysisLanguage;
  readonly weight: number;
  readonly silent?: ReadonlySet<string> | undefined;
  readonly factorsOf: FactorsOf | undefined;
}

/** Adds what one language makes of each word, by the word's place; of the same term at the same place the heavier stays. */
function read(readings: Map<string, Map<string, number>>, text: string, { language, weight, silent, factorsOf }: Reading): void {
  const own = new Map<string, Map<string, number>>();
  const analysed = analyse(text, language);
  const factors = factorsOf?.(analysed, language);
  for (const [number, { term, start, end }] of analysed.entries()) {
    if (silent?.has(fold(text.slice(start, end))) === true) continue;
    const terms = termsAt(own, `${start}-${end}`);
    terms.set(term, (terms.get(term) ?? 0) + weight * (factors?.[number] ?? 1));
  }
  for (const [place, terms] of own) {
    const known = termsAt(readings, place);
    for (const [term, added] of terms) known.set(term, Math.max(known.get(term) ?? 0, added));
  }
}

function termsAt(places: Map<string, Map<string, number>>, place: string): Map<string, number> {
  const present = places.get(place);
  if (present !== undefined) return present;
  const made = new Map<string, number>();
  places.set(place, made);
  return made;
}
