import type { BlockPlace } from '../text/documentBuilder.ts';
import type { BlockSink } from './boundedText.ts';
import { Captions } from './captions.ts';
import { isData } from './row.ts';
import type { Row } from './row.ts';
import { Table } from './table.ts';

export interface SheetOptions {
  /** Level of the heading that the caption of a table becomes. */
  readonly captionLevel: number;
  /** Whether several tables may stand side by side. */
  readonly sideBySide: boolean;
  readonly place?: BlockPlace;
}

/** So many empty rows end a table whatever follows. */
const widestGap = 3;

interface NumberedRow {
  readonly index: number;
  readonly row: Row;
}

/**
 * Reads the rows of a sheet as what they are to a person: captions, tables with their headers, lines of text. Takes rows one by
 * one, empty ones left out, and keeps no more than a few of them.
 */
export class SheetText {
  readonly #sink: BlockSink;
  readonly #options: SheetOptions;
  readonly #captions: Captions;
  #table: Table | undefined;
  #tableHasData = false;
  #lastIndex = -1;
  /** A lone cell below a gap: what follows tells whether it goes on with the table. */
  #held: NumberedRow | undefined;

  constructor(sink: BlockSink, options: SheetOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#captions = new Captions(sink, options.captionLevel, options.place ?? {});
  }

  /** The cells of the row at an index from 0; indexes only grow. */
  add(index: number, row: Row): void {
    if (row.length === 0) return;
    if (this.#held !== undefined) this.#release(this.#held, index, row);
    const gap = index - this.#lastIndex - 1;
    if (this.#table !== undefined && gap > 0) {
      if (row.length === 1 && gap < widestGap) {
        this.#held = { index, row };
        this.#lastIndex = index;
        return;
      }
      if (this.#startsAnew(gap, row)) this.#endTable();
    }
    this.#lastIndex = index;
    this.#place(row);
  }

  end(): void {
    if (this.#held !== undefined) {
      this.#endTable();
      this.#captions.add(this.#held.row);
    }
    this.#endTable();
    this.#captions.end();
  }

  /** A lone cell goes on with the table when data follows at once, else it is a caption or a note. */
  #release(held: NumberedRow, nextIndex: number, next: Row): void {
    this.#held = undefined;
    if (nextIndex - held.index <= 2 && next.length > 1 && next.some(isData) && this.#tableHasData) this.#table?.add(held.row);
    else {
      this.#endTable();
      this.#captions.add(held.row);
    }
  }

  #startsAnew(gap: number, row: Row): boolean {
    if (gap >= widestGap) return true;
    // Sheets set headers apart from the data below with an empty row; a row of words below data is the header of another table.
    return this.#tableHasData && !row.some(isData);
  }

  #place(row: Row): void {
    if (this.#table === undefined && row.length === 1) {
      this.#captions.add(row);
      return;
    }
    if (this.#table === undefined) {
      this.#captions.endBeforeTable();
      this.#table = new Table(this.#sink, this.#options);
    }
    this.#tableHasData ||= row.some(isData);
    this.#table.add(row);
  }

  #endTable(): void {
    this.#table?.end();
    this.#table = undefined;
    this.#tableHasData = false;
  }
}
