import type { Principal } from '../../contracts/principal.ts';
import type { SuggestQuery, SuggestResponse } from '../../contracts/suggest.ts';
import type { Vocabulary } from '../../ports/vocabulary.ts';
import { headingSuggestions } from './headings.ts';
import { suggestionParts } from './parts.ts';
import { termSuggestions } from './terms.ts';
import { titleSuggestions } from './titles.ts';

export type Suggest = (principal: Principal, query: SuggestQuery) => Promise<SuggestResponse>;

/** Passages looked at for titles and headings, and for terms. Where more match, these are an even sample of them. */
export const labelSample = 64;
export const termSample = 128;

/**
 * Completions of what is being typed, out of what the caller may see at this moment: titles and headings that hold the words typed,
 * and frequent words that begin as the last one. One round trip, its parts at once. Throws INDEX_UNAVAILABLE and INDEX_REJECTED.
 */
export function createSuggest(vocabulary: Vocabulary): Suggest {
  return async (principal, { q, limit, kinds }) => {
    const started = performance.now();
    const parts = suggestionParts(q);
    const wants = (kind: (typeof kinds)[number]): boolean => kinds.includes(kind) && parts !== undefined;
    const [titles, headings, lists] = await Promise.all([
      wants('titles') ? vocabulary.findLabels(principal, 'title', parts?.beginnings ?? [], labelSample) : [],
      wants('headings') ? vocabulary.findLabels(principal, 'heading', parts?.beginnings ?? [], labelSample) : [],
      wants('terms') && parts?.last !== undefined ? vocabulary.sampleWords(principal, parts.last, termSample) : [],
    ]);
    const answered = parts === undefined ? { titles: [], headings: [], terms: [] } : {
      titles: titleSuggestions(titles, parts).slice(0, limit),
      headings: headingSuggestions(headings, parts).slice(0, limit),
      terms: termSuggestions(lists, parts, lists.length < termSample).slice(0, limit),
    };
    return { query: q, ...answered, tookMs: performance.now() - started };
  };
}
