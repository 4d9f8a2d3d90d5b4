import type { AnalysisLanguage } from './languages.ts';

/** What was made of texts in a language, as long as there is room. */
export interface LanguageMemory<Made> {
  get(text: string, language: AnalysisLanguage): Made | undefined;
  set(text: string, language: AnalysisLanguage, made: Made): void;
}

export interface MemoryBounds {
  /** Texts of a language; when there are more, all of it is forgotten, since texts repeat soon what is worth knowing. */
  readonly most: number;
  /** UTF-16 units of a text; longer ones seldom come again. */
  readonly longest: number;
}

export function createLanguageMemory<Made>({ most, longest }: MemoryBounds): LanguageMemory<Made> {
  const byLanguage = new Map<AnalysisLanguage, Map<string, Made>>();
  return {
    get: (text, language) => byLanguage.get(language)?.get(text),
    set(text, language, made) {
      if (text.length > longest) return;
      const known = byLanguage.get(language) ?? new Map<string, Made>();
      byLanguage.set(language, known);
      if (known.size >= most) known.clear();
      known.set(ownText(text), made);
    },
  };
}

/** The same text by itself: a part of a text, as `slice` gives it, keeps all of that in memory for as long as it lives. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
