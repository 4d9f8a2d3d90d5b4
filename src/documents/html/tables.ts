import { cleanCells, pipeTable } from '../text/pipeTable.ts';
import { codeElements, headingElements } from './elements.ts';
import { tableGrid } from './grid.ts';
import type { Grid } from './grid.ts';
import { inlineTextOf } from './inline.ts';
import { descendants, isElement } from './tree.ts';
import type { HtmlElement } from './tree.ts';
import { inlineText } from '../text/normalise.ts';

/** `layout`: the table only places blocks, walk its cells; `rows`: every row is a paragraph of its own. */
export interface TableReading {
  readonly kind: 'table' | 'list' | 'rows' | 'layout';
  readonly caption: string;
  readonly text: string;
  readonly rows: readonly string[];
}

/** Cells with more text than this on the average hold passages, not data. */
const longestDataCell = 400;
const bullet = /^(?:[•·●○▪■◦‣*–-]|o|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])$/i;

function placesBlocks(table: HtmlElement): boolean {
  if (['presentation', 'none'].includes(table.attributes['role'] ?? '')) return true;
  for (const element of descendants(table)) {
    if (element === table) continue;
    if (element.name === 'table' || headingElements.has(element.name) || codeElements.has(element.name)) return true;
  }
  return false;
}

function captionOf(table: HtmlElement): string {
  return table.children.filter(isElement).filter(({ name }) => name === 'caption').map((caption) => inlineText(inlineTextOf(caption))).join(' ');
}

/** Filings give currency and per cent signs and brackets cells of their own. */
function joinSigns(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => {
    const cells = [...row];
    for (let column = 0; column < cells.length; column++) {
      if (/^\(?[$€£¥]\(?$|^\($/.test(cells[column] ?? '')) {
        const target = cells.findIndex((cell, index) => index > column && cell !== '');
        if (target !== -1 && /^[\d(—–-]/.test(cells[target] ?? '')) {
          cells[target] = `${cells[column]}${cells[target]}`;
          cells[column] = '';
        }
      } else if (/^(?:\)?%?\)?|pts?|bps)$/.test(cells[column] ?? '') && cells[column] !== '') {
        const target = cells.findLastIndex((cell, index) => index < column && cell !== '');
        if (target !== -1 && /\d$/.test(cells[target] ?? '')) {
          cells[target] = `${cells[target]}${cells[column]}`;
          cells[column] = '';
        }
      }
    }
    return cells;
  });
}

/** Rows at the top that may be headers, and so stand beside the column of their values where signs have a column of their own. */
const headerDepth = 3;

/** Joins a column that has header cells only to the next one, where that has none. */
function joinHeaderColumns(rows: readonly (readonly string[])[]): string[][] {
  const joined = rows.map((row) => [...row]);
  for (let column = (rows[0]?.length ?? 0) - 2; column > 0; column--) {
    const isHeaderOnly = joined.some((row) => row[column] !== '') && joined.every((row, index) => row[column] === '' || (index < headerDepth && index < rows.length - 1 && row[column + 1] === ''));
    if (!isHeaderOnly) continue;
    for (const row of joined) row.splice(column, 2, `${row[column] ?? ''}${row[column + 1] ?? ''}`);
  }
  return joined;
}

function mergeHeaderRows(grid: Grid): string[][] {
  const count = grid.headerRows;
  if (count < 2) return grid.rows;
  const width = Math.max(...grid.rows.map((row) => row.length));
  const merged = Array.from({ length: width }, (_, column) => {
    const parts = grid.spreadHeader.map((row) => inlineText(row[column] ?? '')).filter((part) => part !== '');
    return [...new Set(parts)].join(' / ');
  });
  return [merged, ...grid.rows.slice(count)];
}

function reading(kind: TableReading['kind'], caption: string, text = '', rows: readonly string[] = []): TableReading {
  return { kind, caption, text, rows };
}

/** Reads a table as data, or says that it only arranges text on the page. */
export function readTable(table: HtmlElement): TableReading {
  if (placesBlocks(table)) return reading('layout', '');
  const caption = captionOf(table);
  const rows = joinHeaderColumns(cleanCells(joinSigns(cleanCells(mergeHeaderRows(tableGrid(table))))));
  const width = rows[0]?.length ?? 0;
  const characters = rows.flat().reduce((sum, cell) => sum + cell.length, 0);
  const filled = rows.flat().filter((cell) => cell !== '').length;
  if (rows.length > 0 && width === 2 && rows.every(([first]) => bullet.test(first ?? ''))) {
    return reading('list', caption, rows.map(([mark, text]) => `${/^\(?\w/.test(mark ?? '') && mark !== 'o' ? mark : '-'} ${text}`).join('\n'));
  }
  if (width <= 1 || rows.length === 1) {
    const short = characters <= longestDataCell * rows.length;
    return short ? reading('rows', caption, '', rows.map((row) => row.filter((cell) => cell !== '').join(' '))) : reading('layout', caption);
  }
  if (filled > 0 && characters / filled > longestDataCell) return reading('layout', '');
  return reading('table', caption, pipeTable(rows));
}
