import type { BlockPlace } from '../text/documentBuilder.ts';
import type { BlockSink } from './boundedText.ts';
import { cellsByBlock, columnBlocks } from './columnBlocks.ts';
import type { ColumnBlock } from './columnBlocks.ts';
import { countHeaderRows, headerOf } from './headers.ts';
import type { Row } from './row.ts';
import { RowGroups } from './rowGroups.ts';

/** Rows that are looked at before the shape of a table is decided. */
const lookAhead = 30;

export interface TableOptions {
  readonly place?: BlockPlace;
  /** Whether several tables may stand side by side. */
  readonly sideBySide?: boolean;
  /** Whether the file says that the first row names the columns; else it is told from the rows. */
  readonly hasHeader?: boolean;
}

interface TablePart {
  readonly groups: RowGroups;
  /** Blocks of a table to the right wait until the one to its left is written. */
  readonly waiting: (readonly [Parameters<BlockSink['add']>[0], string])[];
}

/** One table, or several side by side: finds the header, then writes rows as they come. */
export class Table {
  readonly #sink: BlockSink;
  readonly #options: TableOptions;
  #ahead: Row[] = [];
  #blocks: ColumnBlock[] = [];
  #parts: TablePart[] | undefined;

  constructor(sink: BlockSink, options: TableOptions = {}) {
    this.#sink = sink;
    this.#options = options;
  }

  add(row: Row): void {
    if (this.#parts !== undefined) {
      this.#write(row, this.#parts);
      return;
    }
    this.#ahead.push(row);
    if (this.#ahead.length >= lookAhead) this.#settle();
  }

  end(): void {
    for (const { groups, waiting } of this.#parts ?? this.#settle()) {
      groups.end();
      for (const [kind, text] of waiting) this.#sink.add(kind, text, this.#options.place);
    }
  }

  #settle(): TablePart[] {
    const rows = this.#ahead;
    this.#ahead = [];
    this.#blocks = this.#options.sideBySide === true ? columnBlocks(rows) : [{ from: 0, to: Infinity }];
    const settled = this.#blocks.map((_, index) => this.#part(rows.map((row) => cellsByBlock(row, this.#blocks)[index] ?? []).filter((row) => row.length > 0), index === 0));
    this.#parts = settled;
    return settled;
  }

  /** Writes the rows that were looked at, but for the header, which every block repeats. */
  #part(rows: readonly Row[], isFirst: boolean): TablePart {
    const waiting: TablePart['waiting'][number][] = [];
    const sink: BlockSink = isFirst ? this.#sink : { add: (kind, text) => { waiting.push([kind, text]); } };
    const headerRows = countHeaderRows(rows, this.#options.hasHeader);
    const columns = new Set(rows.flatMap((row) => row.map(({ column }) => column)));
    const groups = new RowGroups(sink, headerOf(rows.slice(0, headerRows)), columns, this.#options.place);
    for (const row of rows.slice(headerRows)) groups.add(row);
    return { groups, waiting };
  }

  #write(row: Row, parts: readonly TablePart[]): void {
    cellsByBlock(row, this.#blocks).forEach((cells, index) => parts[index]?.groups.add(cells));
  }
}
