import type { Block } from '../../contracts/parsed.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { normaliseCharacters } from '../text/normalise.ts';

const listItem = /^\s*(?:[-*•‣–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S/u;

/** Lines at least this share of the longest are taken as wrapped by width, so that the next one goes on with the sentence. */
const wrappedShare = 0.6;
const narrowestWrap = 40;

/** Joins hard-wrapped lines; list items and short lines (verses, addresses) keep their line ends. */
function unwrap(lines: readonly string[]): string {
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  let text = '';
  let previous = '';
  for (const line of lines) {
    const wrapped = previous.length >= narrowestWrap && previous.length >= longest * wrappedShare;
    text += text === '' ? line : (wrapped && !listItem.test(line) ? ' ' : '\n') + line;
    previous = line;
  }
  return text;
}

/** Paragraphs stand between empty lines; a paragraph whose first line starts with a bullet or number is a list. */
export function parsePlainText(source: string): { text: string; blocks: Block[] } {
  const builder = new DocumentBuilder();
  let lines: string[] = [];
  const flush = (): void => {
    const isList = lines.length > 1 && listItem.test(lines[0] ?? '') && listItem.test(lines[1] ?? '');
    builder.add(isList ? 'list' : 'paragraph', unwrap(lines));
    lines = [];
  };
  for (const line of normaliseCharacters(source).split('\n')) {
    if (line.trim() === '') flush();
    else lines.push(line.trimEnd());
  }
  flush();
  return builder.finish();
}
