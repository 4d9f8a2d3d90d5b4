import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFPageProxy, TextItem } from 'pdfjs-dist/types/src/display/api.js';

/** One drawn sign; a ligature stands for several letters. */
interface Glyph {
  readonly unicode: string;
}

const arabicLetters = /^[\u0600-\u06ff]+$/;
const arabicWord = /[\u0600-\u06ff]+/g;
/** How lam and alef, which every font draws as one sign, look when their letters are turned round. */
const maybeTurned = /[اأإآ]ل/;

function isGlyph(part: unknown): part is Glyph {
  return typeof part === 'object' && part !== null && 'unicode' in part && typeof part.unicode === 'string';
}

function noteWord(glyphs: readonly string[], words: Map<string, string>): void {
  if (!glyphs.some((letters) => letters.length > 1)) return;
  words.set([...glyphs.join('')].reverse().join(''), glyphs.toReversed().join(''));
}

/** Words that hold a ligature, as the library gives them and as they are written. */
async function ligatureWords(page: PDFPageProxy): Promise<Map<string, string>> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const words = new Map<string, string>();
  fnArray.forEach((operation, index) => {
    const [parts] = (argsArray[index] ?? []) as [unknown];
    if (operation !== pdfjs.OPS.showText || !Array.isArray(parts)) return;
    let word: string[] = [];
    for (const part of parts) {
      // Numbers between signs only shift them.
      if (typeof part === 'number') continue;
      if (isGlyph(part) && arabicLetters.test(part.unicode)) word.push(part.unicode);
      else {
        noteWord(word, words);
        word = [];
      }
    }
    noteWord(word, words);
  });
  return words;
}

/**
 * Text items in which ligatures of Arabic read right. The library turns a drawn line round letter by letter, those of a ligature as well,
 * which are in order already: "المشكلات" would be "المشكالت" and not be found. Looks at the drawn signs only where that may have happened.
 */
export async function withLigatures(page: PDFPageProxy, items: readonly TextItem[]): Promise<readonly TextItem[]> {
  if (!items.some(({ dir, str }) => dir === 'rtl' && maybeTurned.test(str))) return items;
  const words = await ligatureWords(page);
  if (words.size === 0) return items;
  return items.map((item) => (item.dir === 'rtl' ? { ...item, str: item.str.replace(arabicWord, (word) => words.get(word) ?? word) } : item));
}
