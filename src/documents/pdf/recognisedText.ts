import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import type { RecognisedWord } from '../../ports/textRecogniser.ts';
import { median } from './geometry.ts';
import type { PagePicture } from './renderPage.ts';

/** Heights of letters tell the size of type only roughly: sizes within this share of the usual one of the page are that. */
const sameSize = 0.35;
/** Height of capitals and digits in shares of the type size. */
const capitalHeight = 0.7;

const tall = /[\p{Lu}\p{N}bdfhklt]/u;
const belowLine = /[gjpqyQ,;()[\]{}|/\\_@]/;
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
/** Scripts that are written without spaces. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u;

/** Stamps and labels that run up the margin come out as single words, higher than wide, with letters in disorder. */
function isTurned({ text, width, height }: RecognisedWord): boolean {
  return text.length >= 3 && height > width * 1.5;
}

interface Line {
  readonly words: RecognisedWord[];
  readonly size: number;
  readonly baseline: number;
}

function lineOf(words: RecognisedWord[]): Line {
  const level = words.filter(({ text }) => !belowLine.test(text));
  const full = level.filter(({ text }) => tall.test(text));
  const measured = full.length > 0 ? full : level.length > 0 ? level : words;
  return { words, size: median(measured.map(({ height }) => height)) / capitalHeight, baseline: median((level.length > 0 ? level : words).map(({ top, height }) => top + height)) };
}

/**
 * Words of a picture as the text of a page would name them, in points from its lower left corner, block by block in the order in which
 * they were recognised: each is read as printed text is, with tables and headings.
 */
export function recognisedItems(words: readonly RecognisedWord[], { scale, height }: PagePicture): TextItem[][] {
  const byLine = Map.groupBy(words.filter((word) => !isTurned(word)), ({ line }) => line);
  // Specks and frames come out as lines of signs.
  const lines = [...byLine.values()].filter((inLine) => inLine.some(({ text }) => /[\p{L}\p{N}]/u.test(text))).map(lineOf);
  const usual = median(lines.flatMap(({ words: inLine, size }) => inLine.map(() => size)));
  const itemsOf = ({ words: inLine, size, baseline }: Line): TextItem[] => {
    const points = (Math.abs(size - usual) <= usual * sameSize ? usual : size) / scale;
    return inLine.map(({ text, left, width }) => ({
      str: unspaced.test(text) ? text : `${text} `,
      dir: rightToLeft.test(text) ? 'rtl' : 'ltr',
      transform: [points, 0, 0, points, left / scale, height - baseline / scale],
      width: width / scale,
      height: points,
      fontName: 'recognised',
      hasEOL: false,
    }));
  };
  return [...Map.groupBy(lines, ({ words: [first] }) => first?.block).values()].map((block) => block.flatMap(itemsOf));
}
