import type { AnalysisLanguage } from './languages.ts';

/** The same function of an object and a language, which computes once for each language and remembers as long as the object lives. */
export function rememberedByLanguage<Source extends object, Made>(make: (source: Source, language: AnalysisLanguage) => Made): (source: Source, language: AnalysisLanguage) => Made {
  const remembered = new WeakMap<Source, Map<AnalysisLanguage, Made>>();
  return (source, language) => {
    const known = remembered.get(source) ?? new Map<AnalysisLanguage, Made>();
    remembered.set(source, known);
    const present = known.get(language);
    if (present !== undefined) return present;
    const made = make(source, language);
    known.set(language, made);
    return made;
  };
}
