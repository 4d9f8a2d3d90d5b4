import type { SynonymUse } from '../../contracts/queryAnalysis.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { defaultLanguage } from '../sparse/languages.ts';
import { queryWeights } from '../sparse/queryWeights.ts';
import type { QueryLanguages } from '../sparse/queryWeights.ts';
import { compiledSynonyms } from './compile.ts';
import { unitsOf } from './units.ts';

export interface ExpandedQuery {
  /** The terms of the query as they were, and those of its synonyms. */
  readonly weights: ReadonlyMap<string, number>;
  readonly uses: readonly SynonymUse[];
}

/** What a synonym counts beside the word that was written. */
export const synonymWeight = 0.5;
/** Synonyms that one query uses: it stays a query of bounded size. */
const mostUses = 20;

/**
 * Adds the terms of synonyms to those of a query. Phrases are found by their stems, next to each other. The terms of a long synonym
 * of a short word share its weight, so that they do not outweigh it together; no term of the query itself changes. Pure.
 */
export function expandQuery(query: string, weights: ReadonlyMap<string, number>, synonyms: Synonyms, languages: QueryLanguages): ExpandedQuery {
  if (synonyms.groups.length === 0 && synonyms.rules.length === 0) return { weights, uses: [] };
  const expanded = new Map(weights);
  const uses = new Map<string, SynonymUse>();
  for (const language of languagesOf(languages)) {
    const units = unitsOf(query, language);
    for (const { from, to, length } of matches(units, synonyms, language)) {
      const key = `${from}\n${to}`;
      if (uses.size === mostUses || uses.has(key)) continue;
      const terms = queryWeights(to, languages);
      const weight = synonymWeight * Math.min(1, length / unitsOf(to, language).length);
      for (const [term, count] of terms) if (!weights.has(term)) expanded.set(term, Math.max(expanded.get(term) ?? 0, weight * Math.min(1, count)));
      uses.set(key, { from, to, weight });
    }
  }
  return { weights: expanded, uses: [...uses.values()] };
}

function languagesOf({ primary, others }: QueryLanguages): readonly AnalysisLanguage[] {
  const all = primary === undefined ? others : [primary, ...others];
  return all.length === 0 ? [defaultLanguage] : all;
}

interface Match {
  readonly from: string;
  readonly to: string;
  /** Words of the phrase in the query. */
  readonly length: number;
}

function* matches(units: readonly string[], synonyms: Synonyms, language: AnalysisLanguage): Generator<Match> {
  const compiled = compiledSynonyms(synonyms, language);
  const whole = new Set(units);
  for (const [place, unit] of units.entries()) {
    for (const { units: wanted, from, to } of compiled.get(unit) ?? []) {
      if (!wanted.every((each, index) => units[place + index] === each)) continue;
      // What the query says itself needs no synonym.
      for (const target of to) if (!target.units.every((each) => whole.has(each))) yield { from, to: target.text, length: wanted.length };
    }
  }
}
