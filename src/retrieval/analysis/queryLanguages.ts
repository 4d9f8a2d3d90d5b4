import { detectLanguage } from '../../language/detectLanguage.ts';
import { fold } from '../sparse/fold.ts';
import { analysisLanguageOf, defaultLanguage } from '../sparse/languages.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import type { QueryLanguages } from '../sparse/queryWeights.ts';
import { stopWordsOf } from '../sparse/stopWords.ts';

export interface LanguageHints {
  /** BCP 47, as the caller said it. */
  readonly declared?: string | undefined;
  /** Languages of the passages the caller may see, BCP 47, the most frequent first. */
  readonly held: readonly string[];
}

/** More words of grammar than of any other language, by so many, where others have some too. */
const clearLead = 2;

/**
 * By whose rules a query is read: what the caller declares, else what can be told from the query among the languages that there
 * are documents in. English is always among them, since documents of unknown language are analysed by its rules.
 */
export function queryLanguages(query: string, { declared, held }: LanguageHints): QueryLanguages {
  const languages = [...new Set<AnalysisLanguage>([defaultLanguage, ...held.map(analysisLanguageOf)])];
  const primary = declared === undefined ? recognised(query, languages) : analysisLanguageOf(declared);
  return { primary, others: languages.filter((language) => language !== primary), usual: analysisLanguageOf(held[0]) };
}

function recognised(query: string, languages: readonly AnalysisLanguage[]): AnalysisLanguage | undefined {
  if (languages.length === 1) return languages[0];
  const detected = detectLanguage(query);
  if (detected !== undefined) return languages.find((language) => language === analysisLanguageOf(detected));
  return byGrammar(query, languages);
}

/** Queries are too short for statistics of letters; their articles and prepositions tell. */
function byGrammar(query: string, languages: readonly AnalysisLanguage[]): AnalysisLanguage | undefined {
  const words = (query.match(/[\p{L}\p{M}'’]+/gu) ?? []).map(fold);
  const counts = languages.map((language) => ({ language, count: words.filter((word) => stopWordsOf(language).has(word)).length })).sort((left, right) => right.count - left.count);
  const [first, second] = counts;
  if (first === undefined || first.count === 0) return undefined;
  const others = second?.count ?? 0;
  return others === 0 || first.count >= others + clearLead ? first.language : undefined;
}
