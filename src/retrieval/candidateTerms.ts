import { analyse } from './sparse/analyse.ts';
import type { Term } from './sparse/analyse.ts';
import { mayGiveTerm, plainCharacter } from './wordBeginnings.ts';
import type { WordBeginnings } from './wordBeginnings.ts';

/**
 * The terms of a passage that can be among the wanted ones. Analysing every word of every result would take more time than
 * all else that a search does itself; most words begin like no term of the query, and are left out before the analysis.
 * That is safe since words never reach over white space, and neither folding nor stemming changes how a word of ASCII
 * characters begins; stretches with any other letters are always analysed.
 */
export function candidateTerms(passage: string, beginnings: WordBeginnings): Term[] {
  const { text, pieces } = candidates(passage, beginnings);
  let current = 0;
  return analyse(text).map(({ term, start, end }) => {
    while ((pieces[current + 1]?.at ?? Infinity) <= start) current += 1;
    const shift = pieces[current]?.shift ?? 0;
    return { term, start: start + shift, end: end + shift };
  });
}

/** A stretch of the shortened text: where it begins there, and how far it lies from its place in the passage. */
interface Piece {
  readonly at: number;
  readonly shift: number;
}

/** The stretches between white space that may hold a wanted term, with single spaces between. */
function candidates(passage: string, beginnings: WordBeginnings): { readonly text: string; readonly pieces: readonly Piece[] } {
  const pieces: Piece[] = [];
  let text = '';
  let start = 0;
  let wanted = false;
  let inWord = false;
  for (let index = 0; index <= passage.length; index += 1) {
    const code = index < passage.length ? passage.charCodeAt(index) : space;
    if (code <= space) {
      if (wanted) {
        pieces.push({ at: text.length, shift: start - text.length });
        text += `${passage.slice(start, index)} `;
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
  return { text, pieces };
}

/** White space and control characters: no word holds one. */
const space = 0x20;
