import { inlineTextOf } from './inline.ts';
import { isElement } from './tree.ts';
import type { HtmlElement } from './tree.ts';

/** Cells of a table in their columns. A cell over several rows stands in each; one over several columns in its first. */
export interface Grid {
  readonly rows: string[][];
  /** Leading rows that are headers. */
  readonly headerRows: number;
  /** The header rows with cells over several columns repeated in each of them. */
  readonly spreadHeader: string[][];
}

const widestSpan = 100;

function* rowsOf(table: HtmlElement): Generator<{ row: HtmlElement; inHead: boolean }> {
  for (const child of table.children) {
    if (!isElement(child)) continue;
    if (child.name === 'tr') yield { row: child, inHead: false };
    if (!['thead', 'tbody', 'tfoot'].includes(child.name)) continue;
    for (const row of child.children) if (isElement(row) && row.name === 'tr') yield { row, inHead: child.name === 'thead' };
  }
}

function spanOf(value: string | undefined): number {
  const span = Number.parseInt(value ?? '1', 10);
  return Number.isNaN(span) ? 1 : Math.min(widestSpan, Math.max(1, span));
}

interface OpenSpan {
  readonly text: string;
  rowsLeft: number;
}

function placeCells(cells: readonly HtmlElement[], open: Map<number, OpenSpan>): { row: string[]; spread: string[] } {
  const row: string[] = [];
  const spread: string[] = [];
  let column = 0;
  const takeOpen = (): void => {
    for (let span = open.get(column); span !== undefined; span = open.get(column)) {
      row[column] = spread[column] = span.text;
      span.rowsLeft -= 1;
      if (span.rowsLeft === 0) open.delete(column);
      column += 1;
    }
  };
  for (const cell of cells) {
    takeOpen();
    const text = inlineTextOf(cell);
    const rows = spanOf(cell.attributes['rowspan']);
    for (let index = 0; index < spanOf(cell.attributes['colspan']); index++) {
      row[column] = index === 0 ? text : '';
      spread[column] = text;
      if (rows > 1) open.set(column, { text: index === 0 ? text : '', rowsLeft: rows - 1 });
      column += 1;
    }
  }
  takeOpen();
  return { row: Array.from(row, (cell) => cell ?? ''), spread: Array.from(spread, (cell) => cell ?? '') };
}

export function tableGrid(table: HtmlElement): Grid {
  const rows: string[][] = [];
  const spreadHeader: string[][] = [];
  const open = new Map<number, OpenSpan>();
  let headerRows = 0;
  for (const { row, inHead } of rowsOf(table)) {
    const cells = row.children.filter(isElement).filter(({ name }) => name === 'td' || name === 'th');
    const placed = placeCells(cells, open);
    const isHeader = cells.length > 0 && (inHead || cells.every(({ name }) => name === 'th'));
    if (isHeader && headerRows === rows.length) {
      headerRows += 1;
      spreadHeader.push(placed.spread);
    }
    rows.push(placed.row);
  }
  return { rows, headerRows, spreadHeader };
}
