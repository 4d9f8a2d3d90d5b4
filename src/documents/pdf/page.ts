import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { readingRegions } from './columns.ts';
import { fragmentsByDirection } from './fragments.ts';
import type { Row, Segment } from './geometry.ts';
import { joinAcrossColumns, paragraphsOf } from './paragraphs.ts';
import type { Paragraph } from './paragraphs.ts';
import { rowsOf, segmentsOf } from './segments.ts';
import { tableOf, tableRuns } from './tables.ts';

function tableParagraph(text: string, rows: readonly Row[]): Paragraph {
  const [first] = rows;
  const last = rows.at(-1);
  return { kind: 'table', text, size: first?.size ?? 0, font: first?.segments[0]?.font ?? '', lines: rows.length, top: (first?.y ?? 0) + (first?.size ?? 0), bottom: last?.y ?? 0 };
}

/** Paragraphs of a region, list by list: a run of rows that seemed a table may be columns of text beside a figure that hid them. */
function regionParagraphs(segments: readonly Segment[]): Paragraph[][] {
  return [...tableRuns(rowsOf(segments))].flatMap(({ rows, mayBeTable }) => {
    if (!mayBeTable) return [paragraphsOf(rows)];
    const columns = readingRegions(rows.flatMap((row) => row.segments));
    if (columns.length > 1) return columns.map((column) => paragraphsOf(rowsOf(column)));
    const table = tableOf(rows);
    return [table === undefined ? paragraphsOf(rows) : [tableParagraph(table, rows)]];
  });
}

/** Paragraphs and tables of a page in reading order, text in other directions after the main one. */
export function pageParagraphs(items: readonly TextItem[]): Paragraph[] {
  return fragmentsByDirection(items).flatMap((fragments, direction) => {
    const paragraphs = joinAcrossColumns(readingRegions(segmentsOf(fragments)).flatMap(regionParagraphs));
    return direction === 0 ? paragraphs : paragraphs.map((paragraph) => ({ ...paragraph, isTurned: true }));
  });
}
