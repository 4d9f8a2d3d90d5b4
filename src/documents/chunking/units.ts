import type { Block } from '../../contracts/parsed.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { fragmentsOf } from './fragments.ts';
import type { CountedSpan } from './fragments.ts';
import { sentencesOf } from './sentences.ts';
import { mostCharactersPerToken } from './shorten.ts';
import { linesOf } from './span.ts';
import type { Span } from './span.ts';

/** The smallest thing that chunks are made of: a sentence, list item, row, line, whole table, whole code or heading. */
export interface Unit extends CountedSpan {
  readonly block: Block;
  readonly section: number;
  /** Whether it may be repeated as overlap: whole sentences of prose only. */
  readonly repeatable: boolean;
}

const isProse = (kind: Block['kind']): boolean => kind === 'paragraph' || kind === 'quote' || kind === 'list';

/** Cuts blocks into units of at most a given number of tokens, counting every piece of text once. */
export class UnitCutter {
  readonly #text: string;
  readonly #language: string | undefined;
  readonly #tokenizer: Tokenizer;

  constructor(text: string, language: string | undefined, tokenizer: Tokenizer) {
    this.#text = text;
    this.#language = language;
    this.#tokenizer = tokenizer;
  }

  *cut(block: Block, section: number, limit: number): Generator<Unit> {
    for (const span of this.#pieces(block)) {
      const whole = this.#counted(span, limit);
      if (whole !== undefined) yield { ...whole, block, section, repeatable: isProse(block.kind) };
      else for (const piece of this.#smaller(span, block.kind, limit)) yield { ...piece, block, section, repeatable: false };
    }
  }

  #pieces(block: Block): Iterable<Span> {
    if (block.kind === 'list') return linesOf(this.#text, block);
    return isProse(block.kind) ? sentencesOf(this.#text, block, this.#language) : [block];
  }

  /** The span with its tokens, or undefined when it has more than `limit`; spans far too long are not counted. */
  #counted({ start, end }: Span, limit: number): CountedSpan | undefined {
    if (end - start > limit * mostCharactersPerToken) return undefined;
    const tokens = this.#tokenizer.count(this.#text.slice(start, end));
    return tokens > limit ? undefined : { start, end, tokens };
  }

  *#smaller(span: Span, kind: Block['kind'], limit: number): Generator<CountedSpan> {
    const parts = kind === 'table' || kind === 'code' ? linesOf(this.#text, span) : kind === 'list' ? sentencesOf(this.#text, span, this.#language) : [span];
    for (const part of parts) {
      const whole = kind === 'table' || kind === 'code' || kind === 'list' ? this.#counted(part, limit) : undefined;
      if (whole === undefined) yield* fragmentsOf(this.#text, part, limit, this.#tokenizer);
      else yield whole;
    }
  }
}
