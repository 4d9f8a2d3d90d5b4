import type { SuggestResponse } from '../../contracts/suggest.ts';
import type { LabelHit } from '../../ports/vocabulary.ts';
import { orderLabels } from './labels.ts';
import type { SuggestionParts } from './parts.ts';

/** One for each document, by its newest title. */
export function titleSuggestions(hits: readonly LabelHit[], parts: SuggestionParts): SuggestResponse['titles'] {
  const newest = new Map<string, LabelHit>();
  for (const hit of hits) {
    const present = newest.get(hit.documentId);
    if (present === undefined || hit.sequence > present.sequence) newest.set(hit.documentId, hit);
  }
  return orderLabels([...newest.values()].map(({ title, documentId }) => ({ text: title, documentId })), parts);
}
