/**
 * The languages that texts are analysed in, with the names of their Snowball stemmers. Irish is not among them: its words
 * change at their beginning, by which the highlighter skips what cannot match.
 */
const stemmers = {
  ar: 'arabic', ca: 'catalan', cs: 'czech', da: 'danish', de: 'german', en: 'english', es: 'spanish', eu: 'basque', fi: 'finnish', fr: 'french', hu: 'hungarian', hy: 'armenian',
  it: 'italian', nl: 'dutch', no: 'norwegian', pt: 'portuguese', ro: 'romanian', ru: 'russian', sl: 'slovene', sv: 'swedish', ta: 'tamil', tr: 'turkish',
} as const;

/** A language with a stemmer and stop words of its own. */
export type AnalysisLanguage = keyof typeof stemmers;

/** Texts of no known language, and of languages without a stemmer, are analysed as this one. */
export const defaultLanguage: AnalysisLanguage = 'en';

export const analysisLanguages = Object.keys(stemmers) as readonly AnalysisLanguage[];

export function stemmerName(language: AnalysisLanguage): string {
  return stemmers[language];
}

/** Both written forms of Norwegian share a stemmer. */
const sharing: Readonly<Record<string, AnalysisLanguage>> = { nb: 'no', nn: 'no' };

/** The language that a text with this BCP 47 tag is analysed in. */
export function analysisLanguageOf(tag: string | undefined): AnalysisLanguage {
  const primary = (tag ?? '').split(/[-_]/, 1)[0]?.toLowerCase() ?? '';
  if (Object.hasOwn(stemmers, primary)) return primary as AnalysisLanguage;
  return sharing[primary] ?? defaultLanguage;
}
