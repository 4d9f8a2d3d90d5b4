import type { Row } from '../tables/row.ts';
import { isRecord, isScalar, listText, scalarText } from './leaves.ts';

const mostColumns = 40;
/** A longer text reads better on its own than in a row. */
const longestCell = 300;
/** Share of the columns that a record fills on the average; less is not one kind of record. */
const filledShare = 0.5;

function isFlat(record: Readonly<Record<string, unknown>>): boolean {
  return Object.values(record).every((value) => {
    const text = isScalar(value) ? scalarText(value) : listText(value);
    return text !== undefined && text.length <= longestCell;
  });
}

/** The columns of a list of flat records of one kind; undefined when it is anything else. */
export function columnsOf(values: readonly unknown[]): string[] | undefined {
  if (values.length < 2) return undefined;
  const columns = new Set<string>();
  let filled = 0;
  for (const value of values) {
    if (!isRecord(value) || !isFlat(value)) return undefined;
    for (const key of Object.keys(value)) columns.add(key);
    filled += Object.keys(value).length;
    if (columns.size > mostColumns) return undefined;
  }
  return columns.size >= 2 && filled >= columns.size * values.length * filledShare ? [...columns] : undefined;
}

/** A record as a row of a table. */
export function rowOfRecord(record: unknown, columns: readonly string[]): Row {
  if (!isRecord(record)) return [];
  return columns.flatMap((name, column) => {
    const value = record[name];
    const text = isScalar(value) ? scalarText(value) : listText(value) ?? '';
    return text === '' ? [] : [{ column, text, isNumber: typeof value === 'number' }];
  });
}
