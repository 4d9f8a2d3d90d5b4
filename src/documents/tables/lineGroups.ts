import type { BlockPlace } from '../text/documentBuilder.ts';
import type { BlockSink } from './boundedText.ts';
import { groupTokens } from './rowGroups.ts';
import { estimateTokens } from './tokens.ts';

/** Writes lines as paragraphs of a size that fits a chunk. */
export class LineGroups {
  readonly #sink: BlockSink;
  readonly #place: BlockPlace;
  #lines: string[] = [];
  #tokens = 0;

  constructor(sink: BlockSink, place: BlockPlace = {}) {
    this.#sink = sink;
    this.#place = place;
  }

  add(line: string): void {
    const tokens = estimateTokens(line);
    if (this.#lines.length > 0 && this.#tokens + tokens > groupTokens) this.end();
    this.#lines.push(line);
    this.#tokens += tokens;
  }

  end(): void {
    if (this.#lines.length > 0) this.#sink.add('paragraph', this.#lines.join('\n'), this.#place);
    this.#lines = [];
    this.#tokens = 0;
  }
}
