import type { PagedParagraph } from './runningLines.ts';

/** Titles of the bookmarks of a PDF with their depth, from 1. */
export type OutlineLevels = ReadonlyMap<string, number>;

const largerThanText = 1.15;
const longestHeading = 200;
const mostLines = 3;
/** A font used for less than this share of the text is one for headings or emphasis. */
const rareShare = 0.15;

export function outlineKey(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

function sizeKey(size: number): number {
  return Math.round(size * 2) / 2;
}

function weigh<Key>(paragraphs: readonly PagedParagraph[], keyOf: (paragraph: PagedParagraph) => Key): Map<Key, number> {
  const weights = new Map<Key, number>();
  for (const paragraph of paragraphs) weights.set(keyOf(paragraph), (weights.get(keyOf(paragraph)) ?? 0) + paragraph.text.length);
  return weights;
}

function heaviest(weights: ReadonlyMap<number, number>): number {
  return [...weights].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}

function mayBeHeading({ kind, text, lines, isTurned }: PagedParagraph): boolean {
  return kind === 'paragraph' && isTurned !== true && lines <= mostLines && text.length <= longestHeading && /\p{L}{2}|^\p{L}\b/u.test(text) && !/^[•●○▪–—©]/.test(text);
}

/** Set apart from what stands before more than from what follows, as a heading is. */
function standsAbove(paragraph: PagedParagraph, previous: PagedParagraph | undefined, next: PagedParagraph | undefined): boolean {
  if (next === undefined || next.page !== paragraph.page || next.kind !== 'paragraph') return false;
  const below = paragraph.bottom - next.top;
  if (below < -1) return false;
  const above = previous === undefined || previous.page !== paragraph.page || previous.bottom < paragraph.top ? Infinity : previous.bottom - paragraph.top;
  return above > below * 1.15;
}

interface Candidate {
  readonly index: number;
  readonly style: string;
  readonly size: number;
  readonly outlineLevel: number | undefined;
}

function findCandidates(paragraphs: readonly PagedParagraph[], outline: OutlineLevels): Candidate[] {
  const body = heaviest(weigh(paragraphs, ({ size }) => sizeKey(size)));
  const fonts = weigh(paragraphs, ({ font }) => font);
  const all = paragraphs.reduce((sum, { text }) => sum + text.length, 0);
  return paragraphs.flatMap((paragraph, index) => {
    if (!mayBeHeading(paragraph)) return [];
    const { text, size, font, lines } = paragraph;
    const outlineLevel = outline.get(outlineKey(text));
    const isLarge = size >= body * largerThanText;
    const isSetApart = lines <= 2 && text.length <= 120 && size >= body * 0.95 && (fonts.get(font) ?? 0) < all * rareShare && !/[.,;:]$/.test(text)
      && /^[\p{Lu}\p{N}\p{Lo}]/u.test(text) && standsAbove(paragraph, paragraphs[index - 1], paragraphs[index + 1]) && paragraphs[index + 1]?.font !== font;
    return outlineLevel !== undefined || isLarge || isSetApart ? [{ index, style: `${sizeKey(size)} ${font}`, size: sizeKey(size), outlineLevel }] : [];
  });
}

/** Levels of styles: as the bookmarks have them, others one below the next larger style. */
function styleLevels(candidates: readonly Candidate[]): Map<string, number> {
  const levels = new Map<string, number>();
  let deepest = 0;
  let previousSize = Infinity;
  for (const { style, size } of candidates.toSorted((first, second) => second.size - first.size)) {
    if (levels.has(style)) continue;
    const known = candidates.filter((candidate) => candidate.style === style).flatMap(({ outlineLevel }) => (outlineLevel === undefined ? [] : [outlineLevel]));
    const level = known.length > 0 ? Math.min(...known) : size < previousSize ? deepest + 1 : Math.max(1, deepest);
    levels.set(style, level);
    deepest = Math.max(deepest, level);
    previousSize = size;
  }
  return levels;
}

/** Levels of the paragraphs that are headings, by index: those of the bookmarks, those in larger type, those in a font of their own. */
export function headingLevels(paragraphs: readonly PagedParagraph[], outline: OutlineLevels): Map<number, number> {
  const candidates = findCandidates(paragraphs, outline);
  const levels = styleLevels(candidates);
  return new Map(candidates.map(({ index, style, outlineLevel }) => [index, outlineLevel ?? levels.get(style) ?? 1]));
}
