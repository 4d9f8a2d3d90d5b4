import snowball from 'snowball-stemmers';

const stemmer = snowball.newStemmer('english');
const stems = new Map<string, string>();
/** A stem costs about 17 µs to compute; a large vocabulary fits, and memory stays bounded. */
const cachedStems = 100_000;

/** Snowball English stem of a folded word. Words with anything but a-z are left whole: codes and other scripts. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = /^[a-z']{3,40}$/.test(word) ? stemmer.stem(word) : word;
  if (stems.size >= cachedStems) stems.clear();
  stems.set(word, stem);
  return stem;
}
