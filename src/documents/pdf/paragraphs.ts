import type { PlacedText, Row } from './geometry.ts';
import { leftOf, median, rightOf } from './geometry.ts';

/** A paragraph of a page with what tells headings and running lines from text. Lengths in points. */
export interface Paragraph {
  readonly kind: 'paragraph' | 'table';
  text: string;
  readonly size: number;
  readonly font: string;
  lines: number;
  readonly top: number;
  bottom: number;
  /** Written in another direction than most of the page: a stamp in the margin, a label of an axis. */
  readonly isTurned?: boolean;
}

/** The segments of a row as one text. */
type Line = PlacedText;

const itemStart = /^(?:[•●○▪■◦‣]|[–-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s|\[\d{1,3}\]\s)/;
const sentenceEnd = /[.!?:;。！？؟]["'”’)\]]*$/;

function lineOf({ segments, left, right, y, size }: Row): Line {
  const isRightToLeft = segments.filter((segment) => segment.isRightToLeft).length * 2 > segments.length;
  const ordered = isRightToLeft ? segments.toReversed() : segments;
  const main = segments.reduce((longest, segment) => (segment.text.length > longest.text.length ? segment : longest));
  return { text: ordered.map(({ text }) => text).join(' '), left, right, y, size: main.text.length > 2 ? main.size : size, font: main.font, isRightToLeft };
}

/** Joins a line to what stands before it; a word divided at the line end becomes whole, unless its hyphen is its own. */
function joinLine(text: string, next: string): string {
  const divided = /(?:^|\s)([^\s]*\p{L})[-\u2010\u00ad]$/u.exec(text);
  if (divided !== null && /^\p{Ll}/u.test(next) && !(divided[1] ?? '').includes('-')) return text.slice(0, -1) + next;
  if (/\p{L}-$/u.test(text)) return text + next;
  return `${text} ${next}`;
}

interface Measures {
  readonly leading: number;
  readonly left: number;
  readonly right: number;
}

function measure(lines: readonly Line[]): Measures {
  const gaps = lines.slice(1).map((line, index) => (lines[index]?.y ?? 0) - line.y).filter((gap, index) => gap > 0 && gap < (lines[index]?.size ?? 10) * 2.2);
  return { leading: gaps.length === 0 ? Infinity : median(gaps), left: leftOf(lines), right: rightOf(lines) };
}

function startsParagraph(line: Line, previous: Line, { leading, left, right }: Measures): boolean {
  const gap = previous.y - line.y;
  if (gap > Math.max(leading, line.size) * 1.28 || gap < 0) return true;
  if (Math.abs(line.size - previous.size) > previous.size * 0.12) return true;
  if (itemStart.test(line.text)) return true;
  const width = right - left;
  const unfilled = line.isRightToLeft ? previous.left - left : right - previous.right;
  if (line.font !== previous.font && unfilled > width * 0.3) return true;
  if (sentenceEnd.test(previous.text) && unfilled > width * 0.15) return true;
  const indent = line.isRightToLeft ? previous.right - line.right : line.left - previous.left;
  return indent > line.size * 0.8 && indent < line.size * 4 && unfilled < width * 0.15 && sentenceEnd.test(previous.text);
}

/** Joins the lines of a column into paragraphs by gaps, indents, type size and unfilled last lines. */
export function paragraphsOf(rows: readonly Row[]): Paragraph[] {
  const lines = rows.map(lineOf);
  const measures = measure(lines);
  const paragraphs: Paragraph[] = [];
  lines.forEach((line, index) => {
    const previous = lines[index - 1];
    const open = paragraphs.at(-1);
    if (open === undefined || previous === undefined || startsParagraph(line, previous, measures)) {
      paragraphs.push({ kind: 'paragraph', text: line.text, size: line.size, font: line.font, lines: 1, top: line.y + line.size, bottom: line.y });
      return;
    }
    open.text = joinLine(open.text, line.text);
    open.lines += 1;
    open.bottom = line.y;
  });
  return paragraphs;
}

/** A paragraph that goes on at the top of the next column is one. */
export function joinAcrossColumns(regions: readonly Paragraph[][]): Paragraph[] {
  const joined: Paragraph[] = [];
  for (const region of regions) {
    const [first, ...others] = region;
    const last = joined.at(-1);
    const goesOn = first !== undefined && last !== undefined && first.kind === 'paragraph' && last.kind === 'paragraph' && first.size === last.size && first.font === last.font && /^\p{Ll}/u.test(first.text) && !sentenceEnd.test(last.text);
    if (goesOn) {
      last.text = joinLine(last.text, first.text);
      last.lines += first.lines;
      joined.push(...others);
    } else joined.push(...region);
  }
  return joined;
}
