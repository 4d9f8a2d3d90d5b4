import type { Block } from '../../contracts/parsed.ts';
import type { RiskKind } from '../../contracts/risk.ts';
import { Concealment } from '../risk/concealment.ts';
import { codeText, indentedText, inlineText, multilineText } from './normalise.ts';

export interface BlockPlace {
  readonly level?: number;
  readonly page?: number;
}

const normaliserOf: Record<Block['kind'], (text: string) => string> = {
  heading: inlineText,
  paragraph: multilineText,
  quote: multilineText,
  list: indentedText,
  table: indentedText,
  code: codeText,
};

/** Collects blocks into one normalised text, an empty line between them, so that offsets are right by construction. */
export class DocumentBuilder {
  readonly #parts: string[] = [];
  readonly #blocks: Block[] = [];
  /** What parsers find beside the text. */
  readonly concealment = new Concealment();
  #length = 0;

  /** Adds a block; one without text is left out. */
  add(kind: Block['kind'], rawText: string, place: BlockPlace = {}): void {
    this.concealment.look(rawText);
    const text = normaliserOf[kind](rawText);
    if (text.trim() === '') return;
    if (this.#length > 0) this.#append('\n\n');
    const start = this.#length;
    this.#append(text);
    const level = place.level === undefined ? {} : { level: Math.min(6, Math.max(1, place.level)) };
    this.#blocks.push({ kind, start, end: this.#length, ...level, ...(place.page === undefined ? {} : { page: place.page }) });
  }

  #append(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }

  finish(): { text: string; blocks: Block[]; concealed?: RiskKind[] } {
    const { kinds } = this.concealment;
    return { text: this.#parts.join(''), blocks: this.#blocks, ...(kinds.length === 0 ? {} : { concealed: kinds }) };
  }
}
