import type { Synonyms } from '../../contracts/synonyms.ts';
import { rememberedByLanguage } from '../sparse/byLanguage.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { unitsOf } from '../sparse/units.ts';

export interface CompiledRule {
  readonly from: string;
  readonly units: readonly string[];
  readonly to: readonly { readonly text: string; readonly units: readonly string[] }[];
}

/** Rules by the first word of what they apply to. */
export type CompiledSynonyms = ReadonlyMap<string, readonly CompiledRule[]>;

/** Analysed once for each language and as long as the synonyms are kept: some milliseconds for a thousand rules. */
export const compiledSynonyms = rememberedByLanguage(compile);

function compile({ groups, rules }: Synonyms, language: AnalysisLanguage): CompiledSynonyms {
  const byFirst = new Map<string, CompiledRule[]>();
  const add = (from: string, to: readonly string[]): void => {
    const units = unitsOf(from, language);
    const [first] = units;
    const targets = to.map((text) => ({ text, units: unitsOf(text, language) })).filter((target) => target.units.length > 0);
    if (first === undefined || targets.length === 0) return;
    byFirst.set(first, [...(byFirst.get(first) ?? []), { from, units, to: targets }]);
  };
  for (const group of groups) for (const from of group) add(from, group.filter((each) => each !== from));
  for (const { from, to } of rules) add(from, to);
  return byFirst;
}
