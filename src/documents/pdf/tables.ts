import { cleanCells, pipeTable } from '../text/pipeTable.ts';
import type { Row, Segment } from './geometry.ts';

interface Column {
  left: number;
  right: number;
}

const fewestRows = 3;
/** Share of the rows that have cells in two columns or more. */
const leastFilledRows = 0.6;
/** Most cells of data are short; rows of long pieces are text set in columns. */
const longestCell = 200;
/** In shares of the type size: lines this near to each other are of one cell. */
const cellLeading = 1.6;

/** Strips of the page that cells stand in: overlapping cells of different rows are one column. */
function columnsOf(rows: readonly Row[]): Column[] {
  const columns: Column[] = [];
  const cells = rows.filter(({ segments }) => segments.length > 1).flatMap(({ segments }) => segments);
  for (const { left, right } of cells.toSorted((first, second) => first.left - second.left)) {
    const last = columns.at(-1);
    if (last !== undefined && left < last.right - 1) last.right = Math.max(last.right, right);
    else columns.push({ left, right });
  }
  return columns;
}

function columnIndex(columns: readonly Column[], { left, right }: Segment): number {
  const middle = (left + right) / 2;
  const inside = columns.findIndex((column) => middle >= column.left - 1 && middle <= column.right + 1);
  if (inside !== -1) return inside;
  return columns.reduce((nearest, column, index) => (Math.abs(column.left - left) < Math.abs((columns[nearest]?.left ?? Infinity) - left) ? index : nearest), 0);
}

function placed(row: Row, columns: readonly Column[]): string[] {
  const cells = columns.map(() => '');
  for (const segment of row.segments) {
    const index = columnIndex(columns, segment);
    cells[index] = `${cells[index] ?? ''} ${segment.text}`.trim();
  }
  return cells;
}

/** A row without a first cell, close below another, goes on with the cells of that one. */
function continues(row: Row, previous: Row | undefined, cells: readonly string[]): boolean {
  return previous !== undefined && cells[0] === '' && previous.y - row.y < row.size * cellLeading;
}

function cellsOf(rows: readonly Row[], columns: readonly Column[]): string[][] {
  const table: string[][] = [];
  rows.forEach((row, index) => {
    const cells = placed(row, columns);
    const above = table.at(-1);
    if (above !== undefined && continues(row, rows[index - 1], cells)) cells.forEach((cell, column) => { above[column] = `${above[column] ?? ''} ${cell}`.trim(); });
    else table.push(cells);
  });
  return table;
}

/** Rows as a pipe table where they line up as one, else undefined. */
export function tableOf(rows: readonly Row[]): string | undefined {
  if (rows.filter(({ segments }) => segments.length > 1).length < fewestRows) return undefined;
  const columns = columnsOf(rows);
  if (columns.length < 2) return undefined;
  const cells = cleanCells(cellsOf(rows, columns));
  if (cells.some((row) => row.some((cell) => cell.length > longestCell))) return undefined;
  const filled = cells.filter((row) => row.filter((cell) => cell !== '').length > 1).length;
  return cells.length >= 2 && filled >= cells.length * leastFilledRows ? pipeTable(cells) : undefined;
}

/** Whether a row of one piece is the next line of a cell, not the first, of the row above it. */
function goesOnWithCell(row: Row, run: readonly Row[]): boolean {
  const above = run.at(-1);
  if (above === undefined || above.y - row.y >= row.size * cellLeading) return false;
  return run.some(({ segments }) => segments.slice(1).some(({ left }) => Math.abs(left - row.left) < row.size * 0.3));
}

/** Splits rows into runs that may be tables (rows of several pieces, with single ones between them) and runs that are not. */
export function* tableRuns(rows: readonly Row[]): Generator<{ rows: Row[]; mayBeTable: boolean }> {
  let run: Row[] = [];
  let trailing: Row[] = [];
  let prose: Row[] = [];
  const isNear = (row: Row, previous: Row | undefined): boolean => previous === undefined || previous.y - row.y < Math.max(row.size, previous.size) * 3;
  for (const row of rows) {
    if (row.segments.length > 1) {
      if (run.length > 0 && !isNear(row, trailing.at(-1) ?? run.at(-1))) {
        yield { rows: run, mayBeTable: true };
        run = [];
        prose = trailing;
        trailing = [];
      }
      if (run.length === 0 && prose.length > 0) yield { rows: prose, mayBeTable: false };
      prose = [];
      run.push(...trailing, row);
      trailing = [];
    } else if (trailing.length === 0 && goesOnWithCell(row, run)) run.push(row);
    else if (run.length > 0 && trailing.length < 2 && row.right - row.left < (run[0]?.right ?? 0) - (run[0]?.left ?? 0)) trailing.push(row);
    else if (run.length > 0) {
      yield { rows: run, mayBeTable: true };
      prose = [...trailing, row];
      [run, trailing] = [[], []];
    } else prose.push(row);
  }
  if (run.length > 0) yield { rows: run, mayBeTable: true };
  prose.push(...trailing);
  if (prose.length > 0) yield { rows: prose, mayBeTable: false };
}
