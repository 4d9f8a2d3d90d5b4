import type { SuggestResponse } from '../../contracts/suggest.ts';
import type { LabelHit } from '../../ports/vocabulary.ts';
import { fold } from '../sparse/fold.ts';
import { holdsAll, orderLabels } from './labels.ts';
import type { SuggestionParts } from './parts.ts';

/** Each heading once, however many documents have it, with the first of them. */
export function headingSuggestions(hits: readonly LabelHit[], parts: SuggestionParts): SuggestResponse['headings'] {
  const found = new Map<string, SuggestResponse['headings'][number]>();
  for (const { documentId, title, headings } of hits) {
    for (const heading of headings) {
      const key = fold(heading);
      if (heading === title || found.has(key) || !holdsAll(heading, parts)) continue;
      found.set(key, { text: heading, documentId, title });
    }
  }
  return orderLabels([...found.values()], parts);
}
