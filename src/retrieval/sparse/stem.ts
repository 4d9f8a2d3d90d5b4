import snowball from 'snowball-stemmers';
import type { SnowballStemmer } from 'snowball-stemmers';
import { fold } from './fold.ts';
import { stemmerName } from './languages.ts';
import type { AnalysisLanguage } from './languages.ts';

const english = snowball.newStemmer('english');
const others = new Map<AnalysisLanguage, SnowballStemmer>();

/** Snowball English stem of a folded word, about 17 µs. Words with anything but a-z are left whole: codes and other scripts. */
export function stemEnglish(word: string): string {
  return /^[a-z']{3,40}$/.test(word) ? english.stem(word) : word;
}

/**
 * The folded Snowball stem of a word in small letters with its accents, which most stemmers need to know an ending
 * ("présentées"); the stem loses them, so that it is found however it is typed.
 */
export function stemOf(word: string, language: AnalysisLanguage): string {
  if (language === 'en') return stemEnglish(fold(word));
  if (!/^\p{L}[\p{L}\p{M}]{2,39}$/u.test(word)) return fold(word);
  const whole = fold(word);
  const stem = fold(stemmerOf(language).stem(language === 'ru' ? word.replaceAll('ё', 'е') : word));
  return beginsAlike(stem, whole) ? stem : whole;
}

/**
 * Some stemmers take a short word for an ending and leave nothing of it, others shorten its beginning. Such words stay whole: the
 * highlighter leaves out unread what begins otherwise than the terms it looks for (wordBeginnings.ts).
 */
function beginsAlike(stem: string, whole: string): boolean {
  return stem.length > 1 && stem.slice(0, 2).replaceAll('y', 'i') === whole.slice(0, 2).replaceAll('y', 'i');
}

function stemmerOf(language: AnalysisLanguage): SnowballStemmer {
  const present = others.get(language);
  if (present !== undefined) return present;
  const made = snowball.newStemmer(stemmerName(language));
  others.set(language, made);
  return made;
}
