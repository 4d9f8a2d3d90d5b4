import { analyse } from '../sparse/analyse.ts';
import type { Term } from '../sparse/analyse.ts';
import { defaultLanguage } from '../sparse/languages.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { mayGiveTerm, plainCharacter } from './wordBeginnings.ts';
import type { WordBeginnings } from './wordBeginnings.ts';

/**
 * The terms of passages that can be among the wanted ones, passage by passage. Analysing every word of every result would take
 * more time than all else that a search does itself; most words begin like no term of the query, and are left out before the
 * analysis. That is safe since words never reach over white space, and neither folding nor stemming changes how a word of ASCII
 * characters begins; stretches with any other letters are always analysed. What is left of all passages is analysed at once:
 * starting the segmenter costs more than a passage's few words.
 */
export function candidateTerms(passages: readonly string[], beginnings: WordBeginnings, language: AnalysisLanguage = defaultLanguage): Term[][] {
  const shortened: Shortened = { text: '', pieces: [] };
  for (const [number, passage] of passages.entries()) addCandidates(shortened, number, passage, beginnings);
  const { text, pieces } = shortened;
  const terms = passages.map((): Term[] => []);
  let current = 0;
  for (const { term, start, end } of analyse(text, language)) {
    while ((pieces[current + 1]?.at ?? Infinity) <= start) current += 1;
    const { passage = 0, shift = 0 } = pieces[current] ?? {};
    terms[passage]?.push({ term, start: start + shift, end: end + shift });
  }
  return terms;
}

/** A stretch of the shortened text: where it begins there, whose it is, and how far it lies from its place in that passage. */
interface Piece {
  readonly at: number;
  readonly passage: number;
  readonly shift: number;
}

interface Shortened {
  text: string;
  readonly pieces: Piece[];
}

/** Adds the stretches between white space that may hold a wanted term, with single spaces between. */
function addCandidates(shortened: Shortened, number: number, passage: string, beginnings: WordBeginnings): void {
  let start = 0;
  let wanted = false;
  let inWord = false;
  for (let index = 0; index <= passage.length; index += 1) {
    const code = index < passage.length ? passage.charCodeAt(index) : space;
    if (code <= space) {
      if (wanted) {
        const at = shortened.text.length;
        shortened.pieces.push({ at, passage: number, shift: start - at });
        shortened.text += `${passage.slice(start, index)} `;
      }
      start = index + 1;
      wanted = false;
      inWord = false;
      continue;
    }
    const isWord = plainCharacter(code) !== 0;
    wanted ||= code > 127 || (isWord && !inWord && mayGiveTerm(beginnings, code, passage.charCodeAt(index + 1)));
    inWord = isWord;
  }
}

/** White space and control characters: no word holds one. */
const space = 0x20;
