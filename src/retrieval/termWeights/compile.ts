import type { TermWeightUse } from '../../contracts/queryAnalysis.ts';
import type { SearchSettings } from '../../contracts/searchSettings.ts';
import { rememberedByLanguage } from '../sparse/byLanguage.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { unitsOf } from '../sparse/units.ts';

export type TermWeights = NonNullable<SearchSettings['termWeights']>;

/** Weights by the analysed term; the use names the term as it is written in the settings. */
export type CompiledTermWeights = ReadonlyMap<string, TermWeightUse>;

/** Analysed once for each language and as long as the settings are kept: a few milliseconds for 500 terms. */
export const compiledTermWeights = rememberedByLanguage(compile);

/** Of two that are one term in this language the first in alphabetical order counts, wherever they are kept and in whatever order. */
function compile(termWeights: TermWeights, language: AnalysisLanguage): CompiledTermWeights {
  const weights = new Map<string, TermWeightUse>();
  for (const term of Object.keys(termWeights).sort()) {
    const [unit, ...more] = unitsOf(term, language);
    const weight = termWeights[term];
    if (unit !== undefined && more.length === 0 && weight !== undefined && !weights.has(unit)) weights.set(unit, { term, weight });
  }
  return weights;
}
