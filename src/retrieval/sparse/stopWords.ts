import stopword from 'stopword';
import { fold } from './fold.ts';
import type { AnalysisLanguage } from './languages.ts';

/** English words that say nothing about a topic; kept small, since IDF makes light of common words anyway. */
const english = `a about above after again against all am an and any are as at be because been before being below between both but by
can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it
its itself just me more most my no nor not of off on once only or other our out over own same she should so some such than that the
their theirs them then there these they this those through to too under until up very was we were what when where which while who whom
why will with would you your yours
don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't it's i'm i've i'd i'll
you're you've you'll we're we've they're they've that's there's what's who's let's`.split(/\s+/);

/** The lists of the library by language. */
const lists: Readonly<Record<Exclude<AnalysisLanguage, 'en'>, readonly string[]>> = {
  ar: stopword.ara, ca: stopword.cat, cs: stopword.ces, da: stopword.dan, de: stopword.deu, es: stopword.spa, eu: stopword.eus, fi: stopword.fin, fr: stopword.fra, hu: stopword.hun,
  hy: stopword.hye, it: stopword.ita, nl: stopword.nld, no: stopword.nob, pt: stopword.por, ro: stopword.ron, ru: stopword.rus, sl: stopword.slv, sv: stopword.swe, ta: [], tr: stopword.tur,
};

/** Longer lists run to words that say something; of them the short words alone are taken, which are those of grammar. */
const longestList = 300;
const shortWord = 5;
/** German nouns and adjectives that the library's list holds. */
const telling = new Set(['ende', 'gott', 'jahr', 'jahre', 'kurz', 'lang', 'lange', 'mann', 'recht', 'tag', 'tage', 'teil', 'uhr', 'wort', 'zeit']);

const folded = new Map<AnalysisLanguage, ReadonlySet<string>>();

/** The stop words of a language, folded. */
export function stopWordsOf(language: AnalysisLanguage): ReadonlySet<string> {
  const present = folded.get(language);
  if (present !== undefined) return present;
  const list = language === 'en' ? english : bounded(lists[language]).filter((word) => /^\p{L}[\p{L}\p{M}'’]*$/u.test(word));
  const words = new Set(list.map(fold));
  folded.set(language, words);
  return words;
}

function bounded(list: readonly string[]): readonly string[] {
  if (list.length <= longestList) return list;
  return list.filter((word) => word.length <= shortWord && !telling.has(word));
}
