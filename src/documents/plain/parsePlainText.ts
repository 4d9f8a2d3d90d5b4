import type { Block } from '../../contracts/parsed.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { normaliseCharacters } from '../text/normalise.ts';

const listItem = /^\s*(?:[-*•‣–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S/u;

/** Lines at least this share of the longest are taken as wrapped by width, so that the next one goes on with the sentence. */
const wrappedShare = 0.6;
const narrowestWrap = 40;
/** A paragraph this long is a log or a file without empty lines: it becomes several blocks, cut between lines. */
const longestParagraph = 10_000;

/** Joins hard-wrapped lines; list items and short lines (verses, addresses) keep their line ends. */
function unwrap(lines: readonly string[]): string {
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  const parts: string[] = [];
  let previous = '';
  for (const line of lines) {
    const wrapped = previous.length >= narrowestWrap && previous.length >= longest * wrappedShare;
    if (parts.length > 0) parts.push(wrapped && !listItem.test(line) ? ' ' : '\n');
    parts.push(line);
    previous = line;
  }
  return parts.join('');
}

/** Lines one by one: a list of all lines of a large file takes more memory than the file. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf('\n', at);
    yield text.slice(at, end === -1 ? text.length : end);
    at = end === -1 ? text.length + 1 : end + 1;
  }
}

/** Paragraphs stand between empty lines; a paragraph whose first lines start with bullets or numbers is a list. */
export function parsePlainText(source: string): { text: string; blocks: Block[] } {
  const builder = new DocumentBuilder();
  let lines: string[] = [];
  let length = 0;
  const flush = (): void => {
    const isList = lines.length > 1 && listItem.test(lines[0] ?? '') && listItem.test(lines[1] ?? '');
    builder.add(isList ? 'list' : 'paragraph', unwrap(lines));
    lines = [];
    length = 0;
  };
  for (const line of linesOf(normaliseCharacters(source))) {
    const isEmpty = line.trim() === '';
    if (isEmpty || length > longestParagraph) flush();
    if (isEmpty) continue;
    lines.push(line.trimEnd());
    length += line.length;
  }
  flush();
  return builder.finish();
}
