import { detect } from 'tinyld';
import { countScripts } from './scripts.ts';
import type { Script } from './scripts.ts';
import { sampleOf } from './sample.ts';

/** Scripts that one language of today writes, with the letters it takes to be sure. */
const scriptLanguages: Partial<Record<Script, string>> = { Hangul: 'ko', Kana: 'ja', Han: 'zh', Hebrew: 'he', Greek: 'el', Thai: 'th', Armenian: 'hy', Georgian: 'ka', Tamil: 'ta', Telugu: 'te' };
const fewestLetters: Partial<Record<Script, number>> = { Hangul: 8, Kana: 6, Han: 12 };

/** Languages between which statistics decide; those that are hardly ever met would only be mistaken for others. */
const candidates: Partial<Record<Script, string[]>> = {
  Latin: ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'cs', 'sk', 'hu', 'ro', 'sv', 'da', 'no', 'fi', 'tr', 'vi', 'id', 'et', 'lv', 'lt', 'hr', 'sl', 'ca'],
  Cyrillic: ['ru', 'uk', 'bg', 'sr', 'be', 'mk'],
  Arabic: ['ar', 'fa', 'ur'],
  Devanagari: ['hi', 'mr', 'ne'],
  Bengali: ['bn'],
};
const fewestWords = 6;
const fewestStatisticLetters = 30;
const fewestDistinctWords = 16;
const mostRepetition = 0.6;
/** Share of the letters of a text that its script must have. */
const dominantShare = 0.6;
/** Chinese characters count for Japanese when so many kana stand among them. */
const kanaShare = 0.1;

/** Words of English grammar that texts in other languages have as parts of names alone. */
const englishGrammar = new Set('the and of that with are from this which been has these their its what how were than by'.split(' '));
/** English prose has 15 to 40 % of them; texts full of names and formulas look foreign to statistics of letters, but have them too. */
const englishShare = 0.1;
/** So much of it, in so many words, is English beyond doubt: statistics, which take milliseconds, are not asked. */
const clearlyEnglishShare = 0.15;
const clearlyEnglishWords = 40;

function shareOfEnglishGrammar(words: readonly string[]): number {
  return words.filter((word) => englishGrammar.has(word.toLowerCase())).length / words.length;
}

function everyOther(words: readonly string[], first: number): string {
  return words.filter((_, index) => index % 2 === first).join(' ');
}

/** A few words over and over are labels of a table, mostly names: they say little of a language. */
function isVocabularyOfLabels(words: readonly string[]): boolean {
  const distinct = new Set(words.map((word) => word.toLowerCase())).size;
  return distinct < fewestDistinctWords && distinct < words.length * mostRepetition;
}

/** Statistics of letters are believed when the whole text and both halves of its words say the same: names, codes and parts lists do not. */
function byStatistics(text: string, only: string[]): string | undefined {
  const words = text.split(/\s+/).filter((word) => /^\P{L}?\p{L}[\p{L}\p{M}’'\u200c-]+\P{L}{0,3}$/u.test(word));
  if (words.length < fewestWords || words.join('').length < fewestStatisticLetters || isVocabularyOfLabels(words)) return undefined;
  const english = only.includes('en') ? shareOfEnglishGrammar(words) : 0;
  if (english >= clearlyEnglishShare && words.length >= clearlyEnglishWords) return 'en';
  const language = detect(words.join(' '), { only });
  if (language === '' || (language !== 'en' && english >= englishShare)) return undefined;
  return [everyOther(words, 0), everyOther(words, 1)].every((half) => detect(half, { only }) === language) ? language : undefined;
}

function dominantScript(text: string): Script | undefined {
  const letters = new Map(countScripts(text));
  const [kana, han] = [letters.get('Kana') ?? 0, letters.get('Han') ?? 0];
  // A Japanese text is written in both; foreign words and names in Latin letters do not make it another.
  if (kana >= (kana + han) * kanaShare && kana > 0) {
    letters.set('Kana', kana + han);
    letters.delete('Han');
  }
  const total = [...letters.values()].reduce((sum, count) => sum + count, 0);
  // A character of these scripts says as much as several letters.
  const weightOf = (script: Script): number => (['Han', 'Kana', 'Hangul'].includes(script) ? 2.5 : 1);
  const [first] = [...letters].map(([script, count]) => ({ script, count, weight: count * weightOf(script) })).sort((left, right) => right.weight - left.weight);
  if (first === undefined || first.count === 0 || first.count < (fewestLetters[first.script] ?? 0)) return undefined;
  const others = total - first.count;
  return first.weight >= (first.weight + others) * dominantShare ? first.script : undefined;
}

/** Scripts by the names that Unicode gives them, where they are not the first four letters of ours. */
const scriptCodes: Partial<Record<Script, readonly string[]>> = { Hangul: ['Kore', 'Hang'], Kana: ['Jpan', 'Hira', 'Kana'], Han: ['Hans', 'Hant', 'Hani', 'Jpan', 'Kore'], Georgian: ['Geor'], Devanagari: ['Deva'] };

function isWrittenIn(language: string, script: Script): boolean {
  try {
    const code = new Intl.Locale(language).maximize().script ?? '';
    return (scriptCodes[script] ?? [script.slice(0, 4)]).includes(code);
  } catch {
    // A tag that names no language says nothing against the text.
    return true;
  }
}

/** What a document declares, unless it is written in letters that this language does not have: programs put in the language of their menus. */
export function languageOf(text: string, declared: string | undefined): string | undefined {
  if (declared === undefined) return detectLanguage(text);
  const script = dominantScript(sampleOf(text));
  if (script === undefined || script === 'Latin' || isWrittenIn(declared, script)) return declared;
  return detectLanguage(text) ?? declared;
}

/** The language of a text as BCP 47; undefined when it is too short or mixed, or when it is not certain. */
export function detectLanguage(text: string): string | undefined {
  const sample = sampleOf(text);
  const script = dominantScript(sample);
  if (script === undefined) return undefined;
  const only = candidates[script];
  return only === undefined ? scriptLanguages[script] : byStatistics(sample, only);
}
