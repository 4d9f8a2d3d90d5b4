import { analyse } from '../sparse/analyse.ts';
import type { Term } from '../sparse/analyse.ts';
import { createLanguageMemory } from '../sparse/languageMemory.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';

/** Passages repeat their words: remembered, a stretch costs a look-up instead of about 2 µs. A few megabytes a language. */
const remembered = createLanguageMemory<readonly Term[]>({ most: 20_000, longest: 48 });

/**
 * The terms of stretches between white space, each with its places in the stretch. What is not remembered is analysed at once:
 * starting the segmenter costs more than a few words.
 */
export function stretchTerms(stretches: Iterable<string>, language: AnalysisLanguage): ReadonlyMap<string, readonly Term[]> {
  const found = new Map<string, readonly Term[]>();
  const unknown: string[] = [];
  for (const stretch of stretches) {
    if (found.has(stretch)) continue;
    const terms = remembered.get(stretch, language);
    found.set(stretch, terms ?? []);
    if (terms === undefined) unknown.push(stretch);
  }
  for (const [place, terms] of analysedTogether(unknown, language).entries()) {
    const stretch = unknown[place] ?? '';
    found.set(stretch, terms);
    remembered.set(stretch, language, terms);
  }
  return found;
}

function analysedTogether(stretches: readonly string[], language: AnalysisLanguage): Term[][] {
  const made = stretches.map((): Term[] => []);
  if (stretches.length === 0) return made;
  let current = 0;
  let at = 0;
  for (const { term, start, end } of analyse(stretches.join(' '), language)) {
    for (let length = stretches[current]?.length ?? 0; start >= at + length; length = stretches[current]?.length ?? Infinity) {
      at += length + 1;
      current += 1;
    }
    made[current]?.push({ term, start: start - at, end: end - at });
  }
  return made;
}
