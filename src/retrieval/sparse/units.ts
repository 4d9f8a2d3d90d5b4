import { analyse } from './analyse.ts';
import type { Term } from './analyse.ts';
import type { AnalysisLanguage } from './languages.ts';

/** The words and names of a text, each by one term: a name of several parts by the whole. Stop words are none. */
export function placedUnitsOf(text: string, language: AnalysisLanguage): Term[] {
  const units: Term[] = [];
  for (const unit of analyse(text, language)) {
    // A name comes after its parts, or after terms of the same place.
    while (units.length > 0 && (units.at(-1)?.start ?? -1) >= unit.start && (units.at(-1)?.end ?? 0) <= unit.end) units.pop();
    units.push(unit);
  }
  return units;
}

/** The terms of the units alone. */
export function unitsOf(text: string, language: AnalysisLanguage): string[] {
  return placedUnitsOf(text, language).map(({ term }) => term);
}
