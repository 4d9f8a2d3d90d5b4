import type { SearchResult } from '../../contracts/search.ts';
import { printable } from '../output/terminal.ts';

export interface PassageOptions {
  /** Most characters shown; the part with the most highlights is chosen. */
  readonly characters: number;
  readonly mark: (text: string) => string;
}

/** A passage on one line, highlights marked, cut to the part that shows most of them. */
export function passageText(result: Pick<SearchResult, 'passage' | 'highlights'>, options: PassageOptions): string {
  const { passage } = result;
  const highlights = result.highlights.filter(({ start, end }) => start < end && end <= passage.length).sort((left, right) => left.start - right.start);
  const window = bestWindow(passage, highlights, options.characters);
  let text = '';
  let at = window.start;
  for (const { start, end } of highlights) {
    if (start < at || end > window.end) continue;
    text += flat(passage.slice(at, start)) + options.mark(flat(passage.slice(start, end)));
    at = end;
  }
  text += flat(passage.slice(at, window.end));
  return `${window.start > 0 ? '… ' : ''}${text.trim()}${window.end < passage.length ? ' …' : ''}`;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The stretch of at most `characters` that holds the most highlights, begun and ended at word borders. */
function bestWindow(passage: string, highlights: readonly Range[], characters: number): Range {
  if (passage.length <= characters) return { start: 0, end: passage.length };
  let best = { start: 0, held: highlights.filter(({ end }) => end <= characters).length };
  for (const { start } of highlights) {
    const from = wordBorder(passage, Math.max(0, Math.min(start - 40, passage.length - characters)));
    const held = highlights.filter((other) => other.start >= from && other.end <= from + characters).length;
    if (held > best.held) best = { start: from, held };
  }
  const hardEnd = Math.min(passage.length, best.start + characters);
  const space = passage.lastIndexOf(' ', hardEnd);
  return { start: best.start, end: hardEnd < passage.length && space > best.start + characters / 2 ? space : hardEnd };
}

function wordBorder(text: string, at: number): number {
  if (at === 0) return 0;
  const space = text.indexOf(' ', at);
  return space >= 0 && space < at + 30 ? space + 1 : at;
}

function flat(text: string): string {
  return printable(text.replace(/\s+/g, ' '));
}
