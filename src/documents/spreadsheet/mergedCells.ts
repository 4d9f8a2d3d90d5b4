import type { Cell } from '../tables/row.ts';
import type { ZipArchive } from '../zip/openZip.ts';
import { readReference } from './cellReference.ts';

interface Merge {
  readonly column: number;
  readonly columns: number;
  readonly firstRow: number;
  readonly lastRow: number;
  text: string;
  isNumber: boolean;
}

const mostMerges = 20_000;
/** Bytes behind the rows of a sheet that are looked at; merges are said there. */
const mostTail = 4 * 1024 * 1024;
const endOfRows = 'sheetData>';
const mergeReference = /<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+\d+):([A-Z]+\d+)"/gi;

/** What follows the rows of a sheet. The sheet is read twice for it, since rows are written before it is known which cells span several. */
async function tailOf(archive: ZipArchive, part: string): Promise<string> {
  let tail: Buffer | undefined;
  let previous: Buffer = Buffer.alloc(0);
  for await (const piece of archive.stream(part)) {
    if (tail === undefined) {
      const seen = Buffer.concat([previous, piece]);
      const at = seen.indexOf(endOfRows);
      if (at !== -1) tail = seen.subarray(at);
      previous = seen.subarray(Math.max(0, seen.length - 16));
    } else if (tail.length < mostTail) tail = Buffer.concat([tail, piece]);
  }
  return tail?.toString('latin1') ?? '';
}

/** Cells that span several: gives their width, and puts the text of a cell over several rows into each of them. */
export class MergedCells {
  readonly #merges: Merge[];
  readonly #widths: ReadonlyMap<string, number>;
  #next = 0;
  #open: Merge[] = [];

  constructor(references: Iterable<readonly [string, string]>) {
    const merges: Merge[] = [];
    for (const [first, last] of references) {
      const [from, to] = [readReference(first), readReference(last)];
      if (from === undefined || to === undefined || merges.length >= mostMerges) continue;
      merges.push({ column: from.column, columns: to.column - from.column + 1, firstRow: from.row, lastRow: to.row, text: '', isNumber: false });
    }
    this.#merges = merges.sort((left, right) => left.firstRow - right.firstRow);
    this.#widths = new Map(merges.map(({ firstRow, column, columns }) => [`${firstRow}:${column}`, columns]));
  }

  /** The cells of a row, with those that reach down into it from above. Rows come in order; one without cells of its own stays empty. */
  complete(row: number, cells: readonly Cell[]): Cell[] {
    const own = new Map(cells.map((cell) => [cell.column, cell]));
    for (let merge = this.#merges[this.#next]; merge !== undefined && merge.firstRow <= row; merge = this.#merges[++this.#next]) {
      const cell = merge.firstRow === row ? own.get(merge.column) : undefined;
      if (cell === undefined || merge.lastRow === row) continue;
      this.#open.push({ ...merge, text: cell.text, isNumber: cell.isNumber });
    }
    this.#open = this.#open.filter(({ lastRow }) => lastRow >= row);
    const above = cells.length === 0 ? [] : this.#open.filter(({ firstRow, column }) => firstRow < row && !own.has(column));
    const spanned = cells.map((cell) => {
      const span = this.#widths.get(`${row}:${cell.column}`) ?? 1;
      return span > 1 ? { ...cell, span } : cell;
    });
    if (above.length === 0) return spanned;
    return [...spanned, ...above.map(({ column, text, isNumber }) => ({ column, text, isNumber }))].sort((left, right) => left.column - right.column);
  }
}

export async function readMergedCells(archive: ZipArchive, part: string): Promise<MergedCells> {
  const tail = await tailOf(archive, part);
  return new MergedCells([...tail.matchAll(mergeReference)].map(([, first = '', last = '']) => [first, last] as const));
}
