import type { SynonymUse, TermWeightUse } from '../../contracts/queryAnalysis.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { allLanguages, queryWeights } from '../sparse/queryWeights.ts';
import type { FactorsOf, QueryLanguages } from '../sparse/queryWeights.ts';
import { placedUnitsOf } from '../sparse/units.ts';
import type { TermWeights } from '../termWeights/compile.ts';
import { weighTerms } from '../termWeights/weighTerms.ts';
import { compiledSynonyms } from './compile.ts';

export interface Expansion {
  readonly synonyms: Synonyms;
  readonly languages: QueryLanguages;
  /** What terms weigh by the settings of the tenant. */
  readonly termWeights?: TermWeights | undefined;
  /** The same for the words of the query: a synonym stands for them with the weight they have. */
  readonly factorsOf?: FactorsOf | undefined;
}

export interface ExpandedQuery {
  /** The terms of the query as they were, and those of its synonyms. */
  readonly weights: ReadonlyMap<string, number>;
  readonly uses: readonly SynonymUse[];
  /** Of the terms of synonyms: what their weight was multiplied by, by the settings of the tenant. */
  readonly factors: ReadonlyMap<string, number>;
  readonly termWeightUses: readonly TermWeightUse[];
}

/** What a synonym counts beside the word that was written. */
export const synonymWeight = 0.5;
/** Synonyms that one query uses: it stays a query of bounded size. */
const mostUses = 20;

/**
 * Adds the terms of synonyms to those of a query. Phrases are found by their stems, next to each other. The terms of a long synonym
 * of a short word share its weight, so that they do not outweigh it together; no term of the query itself changes. A synonym
 * carries over what the words it stands for weigh by the tenant's settings, beside what its own words weigh. Pure.
 */
export function expandQuery(query: string, weights: ReadonlyMap<string, number>, { synonyms, languages, termWeights, factorsOf }: Expansion): ExpandedQuery {
  const expanded = new Map(weights);
  const uses = new Map<string, SynonymUse>();
  const factors = new Map<string, number>();
  const weighed = new Map<string, TermWeightUse>();
  if (synonyms.groups.length === 0 && synonyms.rules.length === 0) return { weights, uses: [], factors, termWeightUses: [] };
  for (const language of allLanguages(languages)) {
    for (const { from, to, share, factor } of matches(query, synonyms, language, factorsOf)) {
      const key = `${from}\n${to}`;
      if (uses.size === mostUses || uses.has(key) || factor === 0) continue;
      const own = weighTerms(to, termWeights, languages);
      for (const use of own.uses) weighed.set(use.term, use);
      const weight = synonymWeight * share * factor;
      const weighedTerms = queryWeights(to, languages, own.factorsOf);
      for (const [term, count] of queryWeights(to, languages)) {
        const ownFactor = (weighedTerms.get(term) ?? count) / count;
        const added = weight * ownFactor * Math.min(1, count);
        if (weights.has(term) || added <= (expanded.get(term) ?? 0)) continue;
        expanded.set(term, added);
        factors.set(term, factor * ownFactor);
      }
      uses.set(key, { from, to, weight });
    }
  }
  return { weights: expanded, uses: [...uses.values()], factors, termWeightUses: [...weighed.values()] };
}

interface Match {
  readonly from: string;
  readonly to: string;
  /** Of the weight of a word: the words of a synonym with more of them than the phrase share it. */
  readonly share: number;
  /** What the words of the phrase weigh by the tenant's settings, on average. */
  readonly factor: number;
}

function* matches(query: string, synonyms: Synonyms, language: AnalysisLanguage, factorsOf: FactorsOf | undefined): Generator<Match> {
  const units = placedUnitsOf(query, language);
  const factors = factorsOf?.(units, language) ?? units.map(() => 1);
  const compiled = compiledSynonyms(synonyms, language);
  const whole = new Set(units.map(({ term }) => term));
  for (const [place, { term }] of units.entries()) {
    for (const { units: wanted, from, to } of compiled.get(term) ?? []) {
      if (!wanted.every((each, index) => units[place + index]?.term === each)) continue;
      const factor = meanOf(factors.slice(place, place + wanted.length));
      // What the query says itself needs no synonym.
      for (const target of to) if (!target.units.every((each) => whole.has(each))) yield { from, to: target.text, share: Math.min(1, wanted.length / target.units.length), factor };
    }
  }
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
