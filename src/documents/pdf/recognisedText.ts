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

/** Words of a picture as the text of a page would name them, in points from its lower left corner, so that they are read as printed text is: columns, tables, headings. */
export function recognisedItems(words: readonly RecognisedWord[], { scale, height }: PagePicture): TextItem[] {
  const byLine = new Map<number, RecognisedWord[]>();
  for (const word of words) byLine.set(word.line, [...(byLine.get(word.line) ?? []), word]);
  const lines = [...byLine.values()].map(lineOf);
  const usual = median(lines.flatMap(({ words: inLine, size }) => inLine.map(() => size)));
  return lines.flatMap(({ words: inLine, size, baseline }) => {
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
  });
}
