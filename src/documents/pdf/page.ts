import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { readingRegions } from './columns.ts';
import { fragmentsByDirection } from './fragments.ts';
import type { Segment } from './geometry.ts';
import { joinAcrossColumns, paragraphsOf } from './paragraphs.ts';
import type { Paragraph } from './paragraphs.ts';
import { rowsOf, segmentsOf } from './segments.ts';
import { tableOf, tableRuns } from './tables.ts';

function regionParagraphs(segments: readonly Segment[]): Paragraph[] {
  return [...tableRuns(rowsOf(segments))].flatMap(({ rows, mayBeTable }) => {
    const table = mayBeTable ? tableOf(rows) : undefined;
    if (table === undefined) return paragraphsOf(rows);
    const [first] = rows;
    return [{ kind: 'table' as const, text: table, size: first?.size ?? 0, font: first?.segments[0]?.font ?? '', lines: rows.length, top: (first?.y ?? 0) + (first?.size ?? 0), bottom: rows.at(-1)?.y ?? 0 }];
  });
}

/** Paragraphs and tables of a page in reading order, text in other directions after the main one. */
export function pageParagraphs(items: readonly TextItem[]): Paragraph[] {
  return fragmentsByDirection(items).flatMap((fragments, direction) => {
    const paragraphs = joinAcrossColumns(readingRegions(segmentsOf(fragments)).map(regionParagraphs));
    return direction === 0 ? paragraphs : paragraphs.map((paragraph) => ({ ...paragraph, isTurned: true }));
  });
}
