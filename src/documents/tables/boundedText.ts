import { CatalystError } from '../../contracts/errors.ts';
import type { DocumentBuilder, BlockPlace } from '../text/documentBuilder.ts';
import type { Block } from '../../contracts/parsed.ts';

/** Characters that a document of data may turn into: small files can repeat one long text a million times. */
const mostCharacters = 64 * 1024 * 1024;

/** Where blocks of a table go. */
export interface BlockSink {
  add(kind: Block['kind'], text: string, place?: BlockPlace): void;
}

/** Passes blocks on until the document has grown too large. Throws PARSE_LIMIT_EXCEEDED. */
export class BoundedText implements BlockSink {
  readonly #builder: DocumentBuilder;
  #left = mostCharacters;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  add(kind: Block['kind'], text: string, place?: BlockPlace): void {
    this.#left -= text.length;
    if (this.#left < 0) throw new CatalystError('PARSE_LIMIT_EXCEEDED', `The document makes more than ${mostCharacters / 1024 / 1024} million characters of text.`);
    this.#builder.add(kind, text, place);
  }
}
