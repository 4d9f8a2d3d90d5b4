import { analyse } from '../sparse/analyse.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';

/** The words and names of a text, each by one term: a name of several parts by the whole. Stop words are none. */
export function unitsOf(text: string, language: AnalysisLanguage): string[] {
  const units: { term: string; start: number; end: number }[] = [];
  for (const { term, start, end } of analyse(text, language)) {
    // A name comes after its parts, or after terms of the same place.
    while (units.length > 0 && (units.at(-1)?.start ?? -1) >= start && (units.at(-1)?.end ?? 0) <= end) units.pop();
    units.push({ term, start, end });
  }
  return units.map(({ term }) => term);
}
