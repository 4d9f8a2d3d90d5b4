import type { Tokenizer } from '../../ports/tokenizer.ts';
import { mostCharactersPerToken } from './shorten.ts';
import { trimSpan } from './span.ts';
import type { Span } from './span.ts';

export interface CountedSpan extends Span {
  readonly tokens: number;
}

/** Characters of a fragment that is counted at once; small, so that greedy filling wastes little room. */
const fragmentCharacters = 160;

const words = new Intl.Segmenter('en', { granularity: 'word' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The last border of a segmenter within the span that is not its start; its end when there is none. */
function lastBorder(segmenter: Intl.Segmenter, text: string, start: number, limit: number, end: number): number {
  // One more segment than the limit is looked at, to tell a border from the end of the window.
  const window = text.slice(start, Math.min(end, limit + 64));
  let border = 0;
  for (const { index } of segmenter.segment(window)) if (index <= limit - start) border = index;
  return start + border;
}

/** Where to cut so that no word is divided: at white space, else between words (Chinese and Japanese have no spaces). */
function cutBetweenWords(text: string, start: number, limit: number, end: number): number {
  for (let at = limit; at > start; at--) if (/\s/.test(text.charAt(at))) return at;
  const word = lastBorder(words, text, start, limit, end);
  if (word > start) return word;
  const grapheme = lastBorder(graphemes, text, start, limit, end);
  return grapheme > start ? grapheme : limit;
}

/** Where the word at `start` ends: the next white space, or the next word border. */
function wordEnd(text: string, start: number, end: number, longest: number): number {
  const window = text.slice(start, Math.min(end, start + longest));
  const space = window.search(/\s/);
  return space === -1 ? start + window.length : start + space;
}

function* halves(text: string, span: Span, limit: number, tokenizer: Tokenizer): Generator<CountedSpan> {
  const tokens = tokenizer.count(text.slice(span.start, span.end));
  if (tokens <= limit || span.end - span.start <= 1) {
    yield { ...span, tokens };
    return;
  }
  const cut = cutBetweenWords(text, span.start, span.start + Math.floor((span.end - span.start) / 2), span.end);
  for (const part of [{ start: span.start, end: cut }, { start: cut, end: span.end }]) {
    const trimmed = trimSpan(text, part);
    if (trimmed !== undefined) yield* halves(text, trimmed, limit, tokenizer);
  }
}

/** Cuts a sentence or line that is too long into pieces of at most `limit` tokens, between words wherever a word fits. */
export function* fragmentsOf(text: string, span: Span, limit: number, tokenizer: Tokenizer): Generator<CountedSpan> {
  const longestWord = limit * mostCharactersPerToken;
  for (let at = span.start; at < span.end;) {
    const end = Math.min(span.end, at + fragmentCharacters);
    let cut = end === span.end ? end : cutBetweenWords(text, at, end, span.end);
    // A word longer than a fragment stays whole as far as the limit allows.
    if (cut < span.end && !/\s/.test(text.charAt(cut)) && !/\s/.test(text.slice(at, cut))) cut = wordEnd(text, at, span.end, longestWord);
    const piece = trimSpan(text, { start: at, end: cut });
    if (piece !== undefined) yield* halves(text, piece, limit, tokenizer);
    at = cut;
  }
}
