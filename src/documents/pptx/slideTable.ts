import { childrenOf, find } from '../ooxml/xmlTree.ts';
import type { XmlElement } from '../ooxml/xmlTree.ts';
import type { BlockSink } from '../tables/boundedText.ts';
import { rowOf } from '../tables/row.ts';
import { Table } from '../tables/table.ts';
import { paragraphsOf } from './textBody.ts';

function cellText(cell: XmlElement): string {
  const body = find(cell, 'txBody');
  return body === undefined ? '' : paragraphsOf(body, false).map(({ text }) => text).join(' ');
}

/** Rows of cells; a cell over several rows stands in each, one over several columns in its first. */
function gridOf(table: XmlElement): { text: string; span: number }[][] {
  const grid: { text: string; span: number }[][] = [];
  for (const row of childrenOf(table, 'tr')) {
    const above = grid.at(-1) ?? [];
    grid.push(childrenOf(row, 'tc').map((cell, column) => {
      const isBelow = /^(?:1|true)$/.test(cell.attributes['vMerge'] ?? '');
      return isBelow ? above[column] ?? { text: '', span: 1 } : { text: cellText(cell), span: Number(cell.attributes['gridSpan'] ?? 1) || 1 };
    }));
  }
  return grid;
}

/** Writes a table of a slide in groups of rows that repeat its header. */
export function writeSlideTable(sink: BlockSink, element: XmlElement, page: number): void {
  const hasHeader = /^(?:1|true)$/.test(find(element, 'tblPr')?.attributes['firstRow'] ?? '');
  const table = new Table(sink, { place: { page }, hasHeader });
  for (const row of gridOf(element)) {
    const cells = rowOf(row.map(({ text }) => text)).map((cell) => ({ ...cell, span: row[cell.column]?.span ?? 1 }));
    if (cells.length > 0) table.add(cells);
  }
  table.end();
}
