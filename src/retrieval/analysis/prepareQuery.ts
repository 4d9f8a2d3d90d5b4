import type { QueryAnalysis } from '../../contracts/queryAnalysis.ts';
import { noSynonyms } from '../../contracts/synonyms.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { SparseVector } from '../../ports/vectorIndex.ts';
import { queryTermsOf } from '../highlights/highlights.ts';
import type { QueryTerms } from '../highlights/highlights.ts';
import { queryWeights } from '../sparse/queryWeights.ts';
import type { QueryLanguages } from '../sparse/queryWeights.ts';
import { termsSparseVector } from '../sparse/sparseVector.ts';
import { expandQuery } from '../synonyms/expandQuery.ts';
import { analyseIntent } from './intent.ts';
import { queryLanguages } from './queryLanguages.ts';

export interface QueryHints {
  /** BCP 47, where the caller says what the query is written in. */
  readonly language?: string | undefined;
  /** Languages of the passages the caller may see, BCP 47: see heldLanguages.ts. */
  readonly held?: readonly string[];
  readonly synonyms?: Synonyms;
}

/** All that is made of a query before the index is asked. */
export interface PreparedQuery {
  readonly analysis: QueryAnalysis;
  readonly languages: QueryLanguages;
  /** For the sparse leg; synonyms included. Empty where the query holds stop words only. */
  readonly sparse: SparseVector;
  /** For highlights; synonyms included. */
  readonly terms: QueryTerms;
}

/** Analyses a query. Without hints: English, no synonyms, the same vector and terms as querySparseVector and queryTerms. Pure; well below a millisecond. */
export function prepareQuery(query: string, { language, held = [], synonyms = noSynonyms }: QueryHints = {}): PreparedQuery {
  const languages = queryLanguages(query, { declared: language, held });
  const { weights, uses } = expandQuery(query, queryWeights(query, languages), synonyms, languages);
  const { primary, others } = languages;
  const { intent, evidence } = analyseIntent(query);
  return {
    analysis: { intent, evidence: [...evidence], language: primary ?? null, languages: primary === undefined ? [...others] : [primary, ...others], synonyms: [...uses] },
    languages,
    sparse: termsSparseVector(weights),
    terms: queryTermsOf(weights.keys()),
  };
}
