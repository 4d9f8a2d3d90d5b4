import { small } from './fold.ts';
import { createLanguageMemory, ownText } from './languageMemory.ts';
import { defaultLanguage } from './languages.ts';
import type { AnalysisLanguage } from './languages.ts';
import { stemOf } from './stem.ts';
import { wordRuns } from './wordRuns.ts';
import type { WordRun } from './wordRuns.ts';
import { maximumNameLength, wordTerms } from './wordTerms.ts';

/** A term of a text and the place of the word or name it stands for, in UTF-16 offsets. */
export interface Term {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The terms of a text, in order: the same for documents, queries and highlights. Words are folded, stemmed, and dropped
 * where they are stop words, by the rules of `language`. Names of several parts (COVID-19, E11.9, bge-small) give their parts and the whole.
 */
export function analyse(text: string, language: AnalysisLanguage = defaultLanguage): Term[] {
  const terms: Term[] = [];
  for (const run of wordRuns(text)) {
    for (const { text: word, start } of run.words) {
      for (const term of wordTerms(word, language)) terms.push({ term, start, end: start + word.length });
    }
    const whole = wholeName(run, text, language);
    if (whole !== undefined) terms.push({ term: whole, start: run.start, end: run.end });
  }
  return terms;
}

/** "COVID-19" as "covid19", so that it is found however it is hyphenated; undefined for a plain word. */
function wholeName(run: WordRun, text: string, language: AnalysisLanguage): string | undefined {
  const [first] = run.words;
  const isPlain = run.words.length === 1 && first !== undefined && first.start + first.text.length === run.end;
  if (isPlain || run.end - run.start > maximumNameLength) return undefined;
  return nameTerm(text.slice(run.start, run.end), language);
}

/** As for words: a stem costs more than a look-up. */
const remembered = createLanguageMemory<string>({ most: 10_000, longest: maximumNameLength });

function nameTerm(name: string, language: AnalysisLanguage): string {
  const known = remembered.get(name, language);
  if (known !== undefined) return known;
  const term = stemOf(small(ownText(name)).replace(/[-‐‑–]/g, ''), language);
  remembered.set(name, language, term);
  return term;
}
