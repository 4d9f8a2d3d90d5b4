import { canonicalLanguage } from '../contracts/filters/language.ts';

/** A document's language as it is filtered by: the tag, and the language without script and region. None where the tag is no tag. */
export function languageTerms(language: string | undefined): string[] {
  const tag = language === undefined ? undefined : canonicalLanguage(language);
  if (tag === undefined) return [];
  return [...new Set([tag, new Intl.Locale(tag).language])];
}
