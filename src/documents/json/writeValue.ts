import type { BlockSink } from '../tables/boundedText.ts';
import { LineGroups } from '../tables/lineGroups.ts';
import { RowGroups } from '../tables/rowGroups.ts';
import { inlineText } from '../text/normalise.ts';
import { columnsOf, rowOfRecord } from './flatRecords.ts';
import { isRecord, isScalar, leavesOf, listText } from './leaves.ts';
import { titleOf } from './titles.ts';

/** Headings go so deep; what is nested further is written as lines with the whole way to each value. */
const deepestHeading = 3;
/** An object of no more values than this is written as lines of what holds it. */
const smallObject = 8;
/** Longer names are cut. */
const longestHeading = 150;

function countLeaves(value: unknown, most: number): number {
  let count = 0;
  for (const _ of leavesOf(value)) if (++count > most) break;
  return count;
}

function writeLines(sink: BlockSink, value: unknown, path: readonly string[]): void {
  const lines = new LineGroups(sink);
  for (const leaf of leavesOf(value, path)) lines.add(leaf);
  lines.end();
}

function writeTable(sink: BlockSink, records: readonly unknown[], columns: readonly string[]): void {
  const groups = new RowGroups(sink, new Map(columns.map((name, index) => [index, inlineText(name)])), columns.keys());
  for (const record of records) groups.add(rowOfRecord(record, columns));
  groups.end();
}

/** Whether a value is worth a heading of its own. */
function isSection(value: unknown): boolean {
  if (isScalar(value) || listText(value) !== undefined) return false;
  return Array.isArray(value) ? value.length > 0 && value.some((item) => !isScalar(item)) : countLeaves(value, smallObject) > smallObject;
}

function writeObject(sink: BlockSink, record: Readonly<Record<string, unknown>>, level: number): void {
  const sections: [string, unknown][] = [];
  const lines = new LineGroups(sink);
  for (const [key, value] of Object.entries(record)) {
    if (level <= deepestHeading && isSection(value)) sections.push([key, value]);
    else for (const leaf of leavesOf(value, [inlineText(key)])) lines.add(leaf);
  }
  lines.end();
  for (const [key, value] of sections) {
    sink.add('heading', inlineText(key).slice(0, longestHeading), { level });
    writeValue(sink, value, level + 1);
  }
}

/** Writes one record: under its title, where it has one. */
export function writeRecord(sink: BlockSink, record: unknown, level: number): void {
  const title = titleOf(record);
  if (title !== undefined && level <= deepestHeading + 1) sink.add('heading', title, { level });
  writeLines(sink, record, []);
}

function writeList(sink: BlockSink, values: readonly unknown[], level: number): void {
  const columns = columnsOf(values);
  if (columns !== undefined) writeTable(sink, values, columns);
  else if (values.every(isScalar)) writeLines(sink, Object.fromEntries(values.map((value, index) => [`${index + 1}`, value])), []);
  else for (const value of values) writeRecord(sink, value, level);
}

/** Writes any value for reading: objects as lines of name and value, large ones under headings; lists of flat records as tables; others record by record. */
export function writeValue(sink: BlockSink, value: unknown, level: number): void {
  if (Array.isArray(value)) writeList(sink, value, level);
  else if (isRecord(value)) writeObject(sink, value, level);
  else writeLines(sink, value, []);
}
