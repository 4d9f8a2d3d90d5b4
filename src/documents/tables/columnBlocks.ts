import { isData } from './row.ts';
import type { Row } from './row.ts';

/** Columns from `from` up to `to` (exclusive) that make a table of their own. */
export interface ColumnBlock {
  readonly from: number;
  readonly to: number;
}

/** Runs of columns in use, with nothing between two of them. */
function runsOf(rows: readonly Row[]): ColumnBlock[] {
  const used = new Set<number>();
  for (const row of rows) for (const { column, span = 1 } of row) for (let at = column; at < column + span; at++) used.add(at);
  const runs: { from: number; to: number }[] = [];
  for (const column of [...used].sort((left, right) => left - right)) {
    const last = runs.at(-1);
    if (last?.to === column) last.to = column + 1;
    else runs.push({ from: column, to: column + 1 });
  }
  return runs;
}

/** Whether columns can be read without those to their left: several of them, the first with words that name the rows. */
function standsAlone(rows: readonly Row[], { from, to }: ColumnBlock): boolean {
  if (to - from < 2) return false;
  const body = rows.slice(1).flatMap((row) => row.filter(({ column }) => column === from));
  const rest = rows.slice(1).flatMap((row) => row.filter(({ column }) => column > from && column < to));
  return body.length > 1 && body.every((cell) => !isData(cell)) && rest.length >= body.length / 2;
}

/** Tables that stand side by side with an empty column between. A gap within one table, which sheets use for looks, does not part it. */
export function columnBlocks(rows: readonly Row[]): ColumnBlock[] {
  const blocks: ColumnBlock[] = [];
  for (const run of runsOf(rows)) {
    const last = blocks.at(-1);
    if (last !== undefined && !standsAlone(rows, run)) blocks[blocks.length - 1] = { from: last.from, to: run.to };
    else blocks.push(run);
  }
  return blocks;
}

/** The cells of a row that fall to each block; those outside all go to the block before them. */
export function cellsByBlock(row: Row, blocks: readonly ColumnBlock[]): Row[] {
  return blocks.map((_, index) => {
    const from = index === 0 ? 0 : blocks[index]?.from ?? 0;
    const to = blocks[index + 1]?.from ?? Infinity;
    return row.filter(({ column }) => column >= from && column < to);
  });
}
