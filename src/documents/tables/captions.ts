import { inlineText } from '../text/normalise.ts';
import type { BlockPlace } from '../text/documentBuilder.ts';
import type { BlockSink } from './boundedText.ts';
import { LineGroups } from './lineGroups.ts';
import type { Row } from './row.ts';

/** More lines than this are a text or a list, not the caption of a table. */
const mostLines = 6;
const longestHeading = 160;

/** Rows of one cell: the caption of the table below, which becomes a heading so that all parts of the table carry it; else plain lines. */
export class Captions {
  readonly #sink: BlockSink;
  readonly #level: number;
  readonly #place: BlockPlace;
  readonly #lines: LineGroups;
  #pending: string[] = [];
  #isText = false;

  constructor(sink: BlockSink, level: number, place: BlockPlace) {
    this.#sink = sink;
    this.#level = level;
    this.#place = place;
    this.#lines = new LineGroups(sink, place);
  }

  add(row: Row): void {
    const line = inlineText(row[0]?.text ?? '');
    if (this.#isText) {
      this.#lines.add(line);
      return;
    }
    this.#pending.push(line);
    if (this.#pending.length > mostLines) this.#turnToText();
  }

  endBeforeTable(): void {
    if (this.#isText) this.end();
    const [first, ...others] = this.#pending;
    this.#pending = [];
    if (first === undefined) return;
    const all = [first, ...others].join(' · ');
    if (all.length <= longestHeading) {
      this.#sink.add('heading', all, { ...this.#place, level: this.#level });
      return;
    }
    if (first.length <= longestHeading) this.#sink.add('heading', first, { ...this.#place, level: this.#level });
    for (const line of first.length <= longestHeading ? others : [first, ...others]) this.#lines.add(line);
    this.#lines.end();
  }

  end(): void {
    this.#turnToText();
    this.#lines.end();
    this.#isText = false;
  }

  #turnToText(): void {
    for (const line of this.#pending) this.#lines.add(line);
    this.#pending = [];
    this.#isText = true;
  }
}
