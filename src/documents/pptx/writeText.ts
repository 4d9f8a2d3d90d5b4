import type { BlockSink } from '../tables/boundedText.ts';
import type { Paragraph } from './textBody.ts';

const lineOf = ({ mark, level, text }: Paragraph): string => (mark === undefined ? text : `${'  '.repeat(level)}${mark} ${text}`);

/** Writes paragraphs in a row of one kind as one block: list items as a list, others as lines of a paragraph. */
export function writeParagraphs(sink: BlockSink, paragraphs: readonly Paragraph[], page: number): void {
  let run: Paragraph[] = [];
  const flush = (): void => {
    if (run.length > 0) sink.add(run[0]?.mark === undefined ? 'paragraph' : 'list', run.map(lineOf).join('\n'), { page });
    run = [];
  };
  for (const paragraph of paragraphs) {
    if (run.length > 0 && (run[0]?.mark === undefined) !== (paragraph.mark === undefined)) flush();
    run.push(paragraph);
  }
  flush();
}
