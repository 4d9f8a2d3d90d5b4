import { isData } from './row.ts';
import type { Cell, Row } from './row.ts';
import type { Header } from './rowGroups.ts';

const mostHeaderRows = 3;
/** A longer text is no name of a column. */
const longestName = 80;

const holdsData = (row: Row): boolean => row.some(isData);

/** Whether a row stands above another as a second line of headers: it spans columns, or leaves some to the row below. */
function isUpperLine(row: Row, below: Row): boolean {
  const columns = new Set(row.map(({ column }) => column));
  return row.some(({ span = 1 }) => span > 1) || below.some(({ column }) => !columns.has(column));
}

function isHeaderOfTexts(row: Row, width: number): boolean {
  const names = row.map(({ text }) => text);
  const covered = row.reduce((sum, { span = 1 }) => sum + span, 0);
  return row.length >= 2 && covered * 2 >= width && names.every((name) => name.length <= longestName) && new Set(names).size === names.length;
}

function widthOf(rows: readonly Row[]): number {
  return new Set(rows.flatMap((row) => row.map(({ column }) => column))).size;
}

/** Headers of a table of words alone: its first row, and the one below where names of the first span columns. */
function countHeadersOfTexts(rows: readonly Row[], isKnown: boolean): number {
  const [first = []] = rows;
  if (rows.length < 2 || !(isKnown || isHeaderOfTexts(first, widthOf(rows)))) return 0;
  return rows.length > 2 && first.some(({ span = 1 }) => span > 1) ? 2 : 1;
}

/** How many rows at the start of a table name its columns: those before the first row of data. `isKnown`: the file says that the first does. */
export function countHeaderRows(rows: readonly Row[], isKnown = false): number {
  const firstData = rows.findIndex(holdsData);
  if (firstData === -1) return countHeadersOfTexts(rows, isKnown);
  if (firstData === 0) return isKnown ? 1 : 0;
  let count = 1;
  while (count < firstData && count < mostHeaderRows && isUpperLine(rows[count - 1] ?? [], rows[count] ?? [])) count += 1;
  return count;
}

/** Names of columns from header rows, upper lines first; a cell over several columns names them all. */
export function headerOf(rows: readonly Row[]): Header {
  const parts = new Map<number, string[]>();
  const name = (column: number, { text }: Cell): void => {
    const known = parts.get(column) ?? [];
    if (!known.includes(text)) known.push(text);
    parts.set(column, known);
  };
  for (const row of rows) {
    row.forEach((cell, index) => {
      const next = row[index + 1]?.column ?? Infinity;
      for (let column = cell.column; column < Math.min(cell.column + (cell.span ?? 1), next); column++) name(column, cell);
    });
  }
  return new Map([...parts].map(([column, texts]) => [column, texts.join(' / ')]));
}
