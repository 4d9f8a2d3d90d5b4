import type { Block } from '../../contracts/parsed.ts';
import { BoundedText } from '../tables/boundedText.ts';
import type { BlockSink } from '../tables/boundedText.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { inlineText } from '../text/normalise.ts';
import { titleOf } from './titles.ts';
import { membersOf, readJson, wholeValue } from './members.ts';
import type { Member } from './members.ts';
import { writeValue } from './writeValue.ts';

/** Characters of JSON that are made objects of at once; objects take some ten times the memory of their text. */
const largestWhole = 8 * 1024 * 1024;
/** Containers too large for that are opened so deep. */
const deepestOpening = 50;
const longestHeading = 150;

/** Characters of the items of a large list that are written together, so that records of one kind become a table. */
const batchLength = 1024 * 1024;

function read(text: string, { start, end }: Member): unknown {
  return readJson(text.slice(start, end), start);
}

/** Items of a list, many small ones together. */
function* batchesOf(text: string, list: Member): Generator<Member | unknown[]> {
  let batch: unknown[] = [];
  let length = 0;
  for (const item of membersOf(text, list.start)) {
    const size = item.end - item.start;
    if (length + size > batchLength && batch.length > 0) {
      yield batch;
      batch = [];
      length = 0;
    }
    if (size > largestWhole) yield item;
    else {
      batch.push(read(text, item));
      length += size;
    }
  }
  if (batch.length > 0) yield batch;
}

function writeLarge(sink: BlockSink, text: string, value: Member, level: number, depth: number): void {
  const isContainer = /[[{]/.test(text.charAt(value.start));
  if (!isContainer || value.end - value.start <= largestWhole || depth > deepestOpening) {
    writeValue(sink, read(text, value), level);
  } else if (text.charAt(value.start) === '[') {
    for (const batch of batchesOf(text, value)) {
      if (Array.isArray(batch)) writeValue(sink, batch, level);
      else writeLarge(sink, text, batch, level, depth + 1);
    }
  } else {
    for (const member of membersOf(text, value.start)) {
      sink.add('heading', inlineText(member.key ?? '').slice(0, longestHeading), { level });
      writeLarge(sink, text, member, level + 1, depth + 1);
    }
  }
}

/**
 * JSON as text to read: paths and values, tables of flat records, headings from large objects and titled records. Large files are
 * read piece by piece. Throws CORRUPT_DOCUMENT, PARSE_LIMIT_EXCEEDED.
 */
export function parseJson(source: string): { title?: string; text: string; blocks: Block[] } {
  const builder = new DocumentBuilder();
  const sink = new BoundedText(builder);
  if (source.length > largestWhole) {
    writeLarge(sink, source, wholeValue(source), 1, 0);
    return builder.finish();
  }
  const value = readJson(source.replace(/^\ufeff/, ''));
  writeValue(sink, value, 1);
  const title = titleOf(value);
  return { ...(title === undefined ? {} : { title }), ...builder.finish() };
}
