import type { Block } from '../../contracts/parsed.ts';
import { BoundedText } from '../tables/boundedText.ts';
import { rowOf } from '../tables/row.ts';
import { SheetText } from '../tables/sheetText.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { readRecords } from './records.ts';

/** A table of separated values: groups of rows, each with the header; lines before the table are its caption. */
export function parseCsv(source: string, delimiter?: string): { text: string; blocks: Block[] } {
  const builder = new DocumentBuilder();
  const sheet = new SheetText(new BoundedText(builder), { captionLevel: 1, sideBySide: false });
  let index = 0;
  for (const record of readRecords(source, delimiter)) sheet.add(index++, rowOf(record));
  sheet.end();
  return builder.finish();
}
