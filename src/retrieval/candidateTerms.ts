import { analyse } from './sparse/analyse.ts';
import type { Term } from './sparse/analyse.ts';

/**
 * The terms of a passage that can be among the wanted ones. Analysing every word of every result would take more time than
 * all else that a search does itself; most words begin like no term of the query, and are left out before the analysis.
 * That is safe since words never reach over white space, and neither folding nor stemming changes an ASCII first letter;
 * stretches with any other letters are always analysed.
 * `initials`: first UTF-16 units of the wanted terms.
 */
export function candidateTerms(passage: string, initials: ReadonlySet<number>): Term[] {
  const { text, pieces } = candidates(passage, initials);
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
function candidates(passage: string, initials: ReadonlySet<number>): { readonly text: string; readonly pieces: readonly Piece[] } {
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
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    const isWord = (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57);
    wanted ||= code > 127 || (isWord && !inWord && initials.has(lower));
    inWord = isWord;
  }
  return { text, pieces };
}

/** White space and control characters: no word holds one. */
const space = 0x20;
