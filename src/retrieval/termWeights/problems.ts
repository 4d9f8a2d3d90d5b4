import { analysisLanguages, defaultLanguage } from '../sparse/languages.ts';
import { unitsOf } from '../sparse/units.ts';
import type { TermWeights } from './compile.ts';

export interface TermWeightProblem {
  readonly term: string;
  /** A sentence. */
  readonly detail: string;
}

/** Terms whose weight could never do what was meant: several words, a stop word in all languages, the same word as another. */
export function termWeightProblems(termWeights: TermWeights): TermWeightProblem[] {
  const seen = new Map<string, string>();
  return Object.keys(termWeights).flatMap((term) => {
    const units = unitsOf(term, defaultLanguage);
    if (units.length > 1) return [{ term, detail: 'It is read as several words; give each its own weight.' }];
    if (analysisLanguages.every((language) => unitsOf(term, language).length === 0)) return [{ term, detail: 'No search looks for it: it holds no word, or one that is left out in every language.' }];
    const [unit] = units;
    if (unit === undefined) return [];
    const other = seen.get(unit);
    seen.set(unit, term);
    return other === undefined ? [] : [{ term, detail: `It is the same word as "${other}".` }];
  });
}
