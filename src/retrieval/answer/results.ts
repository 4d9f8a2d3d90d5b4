import type { SearchRequest, SearchResult } from '../../contracts/search.ts';
import type { Collected } from '../candidates/collect.ts';
import type { ShownPassages } from '../cursor.ts';
import { matchPassages } from '../highlights/highlights.ts';
import type { QueryTerms } from '../highlights/highlights.ts';
import type { SearchSettings } from '../settings.ts';
import { explain } from './explain.ts';
import { passageOf, toResult } from './result.ts';

export interface Answering {
  readonly shown: ShownPassages;
  readonly terms: QueryTerms;
  readonly request: Pick<SearchRequest, 'mode' | 'explain'>;
  readonly settings: SearchSettings;
}

export interface Answered {
  readonly results: SearchResult[];
  /** Terms of the query that any of the passages holds. */
  readonly matchedTerms: ReadonlySet<string>;
}

/** What was selected in the shape of the API, with the query's words marked. */
export function resultsOf({ selected, degradations }: Collected, { shown, terms, request, settings }: Answering): Answered {
  const isFused = request.mode === 'hybrid' && degradations.every(({ part }) => part === 'rerank');
  const passages = selected.map(passageOf);
  const languages = selected.map(({ candidate }) => candidate.payload.language);
  const matches = matchPassages(terms, passages.map(({ text }) => text), languages);
  const results = selected.map((result, index) => {
    const matched = matches[index] ?? { highlights: [], sentences: [], terms: [] };
    const explanation = request.explain ? explain(result, matched.terms, isFused ? settings.fusion : undefined, terms.factors) : undefined;
    return toResult(result, shown.results + index + 1, passages[index]!, matched, explanation);
  });
  return { results, matchedTerms: new Set(matches.flatMap((matched) => matched.terms)) };
}
