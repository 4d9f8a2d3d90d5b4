import { parsePlainText } from '../plain/parsePlainText.ts';
import type { DocumentBuilder } from '../text/documentBuilder.ts';

/** Marks that programs put before each line of the message that is answered. */
const quoteMarks = /^(?:> ?)+/;
const quotedLine = /^>/;

function addWritten(builder: DocumentBuilder, lines: readonly string[]): void {
  const { text, blocks } = parsePlainText(lines.join('\n'));
  for (const { kind, start, end } of blocks) builder.add(kind, text.slice(start, end));
}

function addQuoted(builder: DocumentBuilder, lines: readonly string[]): void {
  const { text, blocks } = parsePlainText(lines.map((line) => line.replace(quoteMarks, '')).join('\n'));
  for (const { start, end } of blocks) builder.add('quote', text.slice(start, end));
}

/** The text of a message: what is quoted from another becomes quotes, what is written paragraphs and lists. */
export function addPlainBody(builder: DocumentBuilder, source: string): void {
  let run: string[] = [];
  let quoted = false;
  const flush = (): void => {
    if (run.length > 0) (quoted ? addQuoted : addWritten)(builder, run);
    run = [];
  };
  for (const line of source.split(/\r\n|\r|\n/)) {
    const isQuoted = quotedLine.test(line);
    if (isQuoted !== quoted) flush();
    quoted = isQuoted;
    run.push(line);
  }
  flush();
}
