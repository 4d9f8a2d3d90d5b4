import type { QueryAnalysis, TermWeightUse } from '../../contracts/queryAnalysis.ts';
import { noSynonyms } from '../../contracts/synonyms.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { SparseVector } from '../../ports/vectorIndex.ts';
import { queryTermsOf } from '../highlights/highlights.ts';
import type { QueryTerms } from '../highlights/highlights.ts';
import { queryWeights } from '../sparse/queryWeights.ts';
import type { QueryLanguages } from '../sparse/queryWeights.ts';
import { termsSparseVector } from '../sparse/sparseVector.ts';
import { expandQuery } from '../synonyms/expandQuery.ts';
import type { TermWeights } from '../termWeights/compile.ts';
import { weighTerms } from '../termWeights/weighTerms.ts';
import { analyseIntent } from './intent.ts';
import { queryLanguages } from './queryLanguages.ts';

export interface QueryHints {
  /** BCP 47, where the caller says what the query is written in. */
  readonly language?: string | undefined;
  /** Languages of the passages the caller may see, BCP 47: see heldLanguages.ts. */
  readonly held?: readonly string[] | undefined;
  readonly synonyms?: Synonyms | undefined;
  /** What terms weigh by the settings of the tenant. */
  readonly termWeights?: TermWeights | undefined;
}

/** All that is made of a query before the index is asked. */
export interface PreparedQuery {
  readonly analysis: QueryAnalysis;
  readonly languages: QueryLanguages;
  /** For the sparse leg; synonyms included. Empty where the query holds stop words only. */
  readonly sparse: SparseVector;
  /** What the sparse leg was made of; terms of weight 0 are left out there. */
  readonly weights: ReadonlyMap<string, number>;
  /** For highlights; synonyms included, and words that the sparse leg leaves out. */
  readonly terms: QueryTerms;
}

/** Analyses a query. Without hints: English, no synonyms, the same vector and terms as querySparseVector and queryTerms. Pure; well below a millisecond. */
export function prepareQuery(query: string, { language, held = [], synonyms = noSynonyms, termWeights }: QueryHints = {}): PreparedQuery {
  const languages = queryLanguages(query, { declared: language, held });
  const { factorsOf, uses: weighed } = weighTerms(query, termWeights, languages);
  const plain = queryWeights(query, languages);
  const own = factorsOf === undefined ? plain : queryWeights(query, languages, factorsOf);
  const { weights, uses, factors, termWeightUses } = expandQuery(query, own, { synonyms, languages, termWeights, factorsOf });
  const { primary, others } = languages;
  const { intent, evidence } = analyseIntent(query);
  return {
    analysis: {
      intent, evidence: [...evidence], language: primary ?? null, languages: primary === undefined ? [...others] : [primary, ...others],
      synonyms: [...uses], termWeights: eachOnce([...weighed, ...termWeightUses]),
    },
    languages,
    sparse: termsSparseVector(weights),
    weights,
    terms: { ...queryTermsOf(weights.keys()), ...changed([...[...own].map(([term, weight]) => [term, weight / (plain.get(term) ?? weight)] as const), ...factors]) },
  };
}

function eachOnce(uses: readonly TermWeightUse[]): TermWeightUse[] {
  return [...new Map(uses.map((use) => [use.term, use])).values()];
}

/** Without the neutral ones. */
function changed(factors: readonly (readonly [string, number])[]): Pick<QueryTerms, 'factors'> {
  const telling = factors.filter(([, factor]) => factor !== 1);
  return telling.length === 0 ? {} : { factors: new Map(telling) };
}
