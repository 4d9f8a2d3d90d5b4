import { embeddedTextOf } from '../../contracts/chunks.ts';
import type { Chunk } from '../../contracts/chunks.ts';
import type { Tier } from '../../contracts/documents.ts';
import type { Block, ParsedText } from '../../contracts/parsed.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { specialTokens } from './context.ts';
import type { ContextBudget } from './context.ts';
import type { Span } from './span.ts';

export interface Passage extends Span {
  readonly path: readonly string[];
  readonly blocks: readonly Block[];
}

function tierOf(blocks: readonly Block[]): Tier {
  const kinds = new Set(blocks.map(({ kind }) => kind));
  kinds.delete('heading');
  const [only] = kinds;
  return kinds.size === 1 && (only === 'table' || only === 'code') ? only : 'passage';
}

function pagesOf(blocks: readonly Block[]): Pick<Chunk, 'page' | 'pageEnd'> {
  const page = blocks.at(0)?.page;
  const pageEnd = blocks.at(-1)?.page;
  return { ...(page === undefined ? {} : { page }), ...(pageEnd === undefined ? {} : { pageEnd }) };
}

/** Makes chunks of passages, with the exact number of tokens of what is embedded for them. */
export class ChunkWriter {
  readonly #text: string;
  readonly #context: ContextBudget;
  readonly #tokenizer: Tokenizer;
  readonly #tier: Tier | undefined;

  constructor(parsed: ParsedText, context: ContextBudget, tokenizer: Tokenizer, tier: Tier | undefined) {
    this.#text = parsed.text;
    this.#context = context;
    this.#tokenizer = tokenizer;
    this.#tier = tier;
  }

  write(ordinal: number, { start, end, path, blocks }: Passage): Chunk {
    const text = this.#text.slice(start, end);
    const { headings } = this.#context.of(path);
    const tokens = this.#tokenizer.count(embeddedTextOf(this.#context.title, { headings, text })) + specialTokens;
    return { ordinal, tier: this.#tier ?? tierOf(blocks), text, start, end, headings: [...headings], ...pagesOf(blocks), tokens };
  }
}
