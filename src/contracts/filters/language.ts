import { z } from 'zod';

/** A language tag (BCP 47) in its canonical form; undefined where the text is none. */
export function canonicalLanguage(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

export const languageSchema = z
  .string()
  .max(35)
  .refine((text) => canonicalLanguage(text) !== undefined, 'a language tag such as "en" or "pt-BR"');
