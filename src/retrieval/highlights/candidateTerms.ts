import type { Term } from '../sparse/analyse.ts';
import { defaultLanguage } from '../sparse/languages.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { stretchTerms } from './stretchTerms.ts';
import { mayGiveTerm, plainCharacter } from './wordBeginnings.ts';
import type { WordBeginnings } from './wordBeginnings.ts';

/**
 * The terms of passages that can be among the wanted ones, passage by passage. Analysing every word of every result would take
 * more time than all else that a search does itself; most words begin like no term of the query, and are left out before the
 * analysis. That is safe since words never reach over white space, and neither folding nor stemming changes how a word of ASCII
 * characters begins; stretches with any other letters are always analysed.
 */
export function candidateTerms(passages: readonly string[], beginnings: WordBeginnings, language: AnalysisLanguage = defaultLanguage): Term[][] {
  const candidates = passages.map((passage) => candidatesIn(passage, beginnings));
  const known = stretchTerms(textsOf(candidates), language);
  return candidates.map((stretches) => {
    const terms: Term[] = [];
    for (const { text, at } of stretches) {
      for (const { term, start, end } of known.get(text) ?? []) terms.push({ term, start: start + at, end: end + at });
    }
    return terms;
  });
}

interface Stretch {
  readonly text: string;
  /** UTF-16 offset into the passage. */
  readonly at: number;
}

function* textsOf(candidates: readonly (readonly Stretch[])[]): Generator<string> {
  for (const stretches of candidates) for (const { text } of stretches) yield text;
}

/** The stretches between white space that may hold a wanted term. */
function candidatesIn(passage: string, beginnings: WordBeginnings): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  let wanted = false;
  let inWord = false;
  for (let index = 0; index <= passage.length; index += 1) {
    const code = index < passage.length ? passage.charCodeAt(index) : space;
    if (code <= space) {
      if (wanted) stretches.push({ text: passage.slice(at, index), at });
      at = index + 1;
      wanted = false;
      inWord = false;
      continue;
    }
    const isWord = plainCharacter(code) !== 0;
    wanted ||= code > 127 || (isWord && !inWord && mayGiveTerm(beginnings, code, passage.charCodeAt(index + 1)));
    inWord = isWord;
  }
  return stretches;
}

/** White space and control characters: no word holds one. */
const space = 0x20;
