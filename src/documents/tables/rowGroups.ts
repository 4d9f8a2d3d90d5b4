import { inlineText } from '../text/normalise.ts';
import type { BlockPlace } from '../text/documentBuilder.ts';
import type { BlockSink } from './boundedText.ts';
import type { Row } from './row.ts';
import { estimateTokens } from './tokens.ts';

/** Names of columns, by column. */
export type Header = ReadonlyMap<number, string>;

/** Tokens of a block, its header included: fits a chunk of the default size beside title and headings. */
export const groupTokens = 300;

/** With more columns not even an empty row fits a block. */
const mostColumns = groupTokens;

const inOrder = (columns: Iterable<number>): number[] => [...columns].sort((left, right) => left - right);
const pipes = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/**
 * Writes the rows of a table as blocks that each can be read alone: every block repeats the header. Rows too wide for that are
 * written cell by cell with the name of the column, each block starting with the first cell of the row, which names it.
 */
export class RowGroups {
  readonly #sink: BlockSink;
  readonly #place: BlockPlace;
  readonly #header: Header;
  readonly #known: Set<number>;
  /** Columns in use, in order; no longer kept once there are too many for a row on one line. */
  #columns: number[];
  #head: readonly string[] = [];
  #headTokens = 0;
  #lines: string[] = [];
  #tokens = 0;
  #hasRows = false;

  constructor(sink: BlockSink, header: Header, columns: Iterable<number>, place: BlockPlace = {}) {
    this.#sink = sink;
    this.#place = place;
    this.#header = header;
    this.#known = new Set([...columns, ...header.keys()]);
    this.#columns = inOrder(this.#known);
    this.#renderHead();
  }

  add(row: Row): void {
    if (row.length === 0) return;
    this.#hasRows = true;
    const cells = new Map(row.map(({ column, text }) => [column, inlineText(text)]));
    this.#takeColumns(cells.keys());
    const isWide = this.#columns.length > mostColumns;
    const line = isWide ? '' : pipes(this.#columns.map((column) => cells.get(column) ?? ''));
    const tokens = isWide ? 0 : estimateTokens(line);
    if (isWide || (this.#headTokens + tokens > groupTokens && this.#columns.length > 1)) {
      this.#flush();
      this.#addRecord(cells);
      return;
    }
    if (this.#lines.length > 0 && this.#headTokens + this.#tokens + tokens > groupTokens) this.#flush();
    this.#lines.push(line);
    this.#tokens += tokens;
  }

  /** A table of a header alone is written as well. */
  end(): void {
    if (!this.#hasRows && this.#head.length > 0) this.#sink.add('table', this.#head.join('\n'), this.#place);
    this.#flush();
  }

  #takeColumns(columns: Iterable<number>): void {
    if (this.#columns.length > mostColumns) return;
    const before = this.#known.size;
    for (const column of columns) this.#known.add(column);
    if (this.#known.size === before) return;
    this.#flush();
    this.#columns = inOrder(this.#known);
    this.#renderHead();
  }

  #renderHead(): void {
    const names = this.#columns.map((column) => inlineText(this.#header.get(column) ?? ''));
    this.#head = names.every((name) => name === '') ? [] : [pipes(names), pipes(names.map(() => '---'))];
    this.#headTokens = estimateTokens(this.#head.join('\n'));
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#sink.add('table', [...this.#head, ...this.#lines].join('\n'), this.#place);
    this.#lines = [];
    this.#tokens = 0;
  }

  #addRecord(cells: ReadonlyMap<number, string>): void {
    const lines = [...cells].sort(([left], [right]) => left - right).map(([column, text]) => {
      const name = inlineText(this.#header.get(column) ?? '');
      return name === '' ? text : `${name}: ${text}`;
    });
    const [key = '', ...rest] = lines;
    const keyTokens = Math.min(estimateTokens(key), groupTokens / 4);
    let block = [key];
    let tokens = keyTokens;
    for (const line of rest) {
      const lineTokens = estimateTokens(line);
      if (block.length > 1 && tokens + lineTokens > groupTokens) {
        this.#sink.add('table', block.join('\n'), this.#place);
        block = keyTokens < groupTokens / 4 ? [key] : [];
        tokens = keyTokens;
      }
      block.push(line);
      tokens += lineTokens;
    }
    this.#sink.add('table', block.join('\n'), this.#place);
  }
}
