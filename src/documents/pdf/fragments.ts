import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { inlineText } from '../text/normalise.ts';
import type { Fragment } from './geometry.ts';

/** Bullets of symbol fonts, which have no Unicode of their own. */
const symbolBullets = /[\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc\uf076]/g;
/** A single sign of a private font before text is one more bullet. */
const privateSign = /^[\ue000-\uf8ff]$/;
/** So is a control sign at the start of a line, which fonts of signs give that do not say what they draw. */
// eslint-disable-next-line no-control-regex -- controls are what is looked for
const controlSign = /^[\u0001-\u0008\u000e-\u001f]$/;
/** Other characters of private fonts, and fillers of fonts that do not say what they draw. */
const privateCharacters = /[\ue000-\uf8ff\ufffd]/g;
/** The glyph for lam and alef is two letters, which come out reversed with the line; two alefs in a row never stand in a word. */
const reversedLamAlef = /ا([أإآا])ل/g;

/** Shapes of Arabic and Hebrew letters by their place in the word, which some fonts name instead of the letters. */
const letterShapes = /[\ufb1d-\ufdfb\ufe70-\ufefc]+/g;

function clean(text: string, startsLine: boolean): string {
  if (startsLine && controlSign.test(text)) return '•';
  return text.replace(letterShapes, (shapes) => shapes.normalize('NFKC')).replace(/\s+(?=\p{Mn})/gu, '').replace(privateSign, '•').replace(symbolBullets, '•').replace(privateCharacters, '').replace(reversedLamAlef, 'ال$1');
}

/** Degrees by which a text is turned, to the nearest 5, so that slanted marks do not mix with upright text. */
function angleOf([a = 1, b = 0]: readonly number[]): number {
  return ((Math.round((Math.atan2(b, a) * 180) / Math.PI / 5) * 5) + 360) % 360;
}

/**
 * Text items of a page by the direction they are written in, the direction with most text first; each group is turned to read
 * from left to right, so that what follows need not know of rotation.
 */
export function fragmentsByDirection(items: readonly TextItem[]): Fragment[][] {
  const groups = new Map<number, Fragment[]>();
  let spaceBefore = false;
  let startsLine = true;
  for (const { str, transform, width, height, fontName, dir, hasEOL } of items) {
    const text = clean(str, startsLine);
    startsLine = hasEOL;
    if (text.trim() === '') {
      spaceBefore ||= str !== '';
      continue;
    }
    const numbers = transform as number[];
    const angle = angleOf(numbers);
    const [cosine, sine] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const [x, y] = [numbers[4] ?? 0, numbers[5] ?? 0];
    const left = x * cosine + y * sine;
    const size = Math.hypot(numbers[2] ?? 0, numbers[3] ?? 0) || height || 1;
    const group = groups.get(angle) ?? [];
    groups.set(angle, group);
    group.push({ text: inlineText(text), left, right: left + width, y: y * cosine - x * sine, size, font: fontName, isRightToLeft: dir === 'rtl', spaceBefore: spaceBefore || /^\s/.test(text) });
    spaceBefore = /\s$/.test(text);
  }
  const weight = (group: readonly Fragment[]): number => group.reduce((sum, { text }) => sum + text.length, 0);
  return [...groups.values()].sort((first, second) => weight(second) - weight(first));
}
