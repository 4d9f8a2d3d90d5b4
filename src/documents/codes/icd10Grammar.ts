import { categoriesBetween, icd10 } from '../../contracts/codes/icd10.ts';
import type { CodeGrammar, WrittenCode } from './codeGrammar.ts';

/**
 * Numbers of the categories that ICD-10 or one of its modifications has in each letter, block by block; letters that are not named
 * have all. There is no B12, which is a vitamin, and no A10 to A14.
 */
const blocks: Readonly<Record<string, readonly (readonly [first: number, last: number])[]>> = {
  A: [[0, 9], [15, 28], [30, 44], [46, 46], [48, 60], [63, 71], [74, 75], [77, 99]],
  B: [[0, 10], [15, 83], [85, 99]],
  C: [[0, 97]],
  D: [[0, 89]],
  E: [[0, 7], [8, 16], [20, 36], [40, 46], [50, 68], [70, 90]],
  H: [[0, 95]],
  K: [[0, 95]],
  P: [[0, 96]],
  T: [[0, 98]],
};

/** Wider ranges name a chapter rather than the diseases of a text. */
const widestRange = 20;

const dotted = String.raw`\.(-|\d[\dA-Z]{0,3}-?|X[\dX]X?[A-Z]|[A-D]\d{1,2}|[A-D])`;
const plain = String.raw`(\d[\dX]{0,3}[A-Z]?|X[\dX]X?[A-Z])`;
const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}_.@#$=])([A-Z]\d[\dAB])(?:${dotted}|${plain})?(?![\p{L}\p{N}_])(?!\.[\p{L}\p{N}])`, 'gu');

/** Codes are capital letters in texts; a dot makes one of them, and without it the words around must say so: A38 is also a road. */
export const icd10Grammar: CodeGrammar = {
  revision: '10',
  pattern,
  read(match, text): WrittenCode | undefined {
    const [written, category = '', behindDot, undotted] = match;
    const code = icd10.canonical(written);
    if (code === undefined || code.length > 8 || !hasCategory(category) || isPartOfName(text, match.index)) return undefined;
    if (behindDot === undefined) return { code, needs: 'context' };
    return undotted === undefined && /^(?:\d|-|X|[A-D]\d)/.test(behindDot) ? { code, needs: 'alone' } : { code, needs: 'context' };
  },
  between(first, last) {
    if (first.length !== 3 || last.length !== 3) return [];
    const categories = (categoriesBetween(first, last) ?? []).filter((category) => /\d$/.test(category) && hasCategory(category)).slice(1, -1);
    return categories.length <= widestRange ? categories : [];
  },
};

function hasCategory(category: string): boolean {
  const ranges = blocks[category[0] ?? ''];
  // Categories that end in a letter (C7A, I5A, O9A) are few and of the modifications alone.
  if (ranges === undefined || /[AB]$/.test(category)) return true;
  const number = Number(category.slice(1));
  return ranges.some(([first, last]) => first <= number && number <= last);
}

/** A hyphen joins it to a name before it (`HLA-B27`), unless that is the first end of a range. */
function isPartOfName(text: string, start: number): boolean {
  return text[start - 1] === '-' && /[\p{L}\p{N}]-$/u.test(text.slice(Math.max(0, start - 2), start)) && !/(?:^|[^\p{L}\p{N}.])[A-Z]\d[\dAB](?:\.?[\dA-Z]{1,4})?-$/u.test(text.slice(Math.max(0, start - 10), start));
}
