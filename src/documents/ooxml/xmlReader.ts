import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { CatalystError } from '../../contracts/errors.ts';

/** What a reader of XML is told, in document order; names come without their namespace prefix, attributes with it. */
export interface XmlEvents {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/** Elements within elements; Office stays far below. */
const deepest = 500;

/** Characters that XML forbids and some programs write all the same. */
// eslint-disable-next-line no-control-regex -- controls are what is removed
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function charsetOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * Reads XML piece by piece. Document types, and with them all entities that a file defines itself, are refused.
 * Throws CORRUPT_DOCUMENT, PARSE_LIMIT_EXCEEDED.
 */
export class XmlReader {
  readonly #parser = new SaxesParser();
  #decoder: TextDecoder | undefined;

  constructor(events: XmlEvents) {
    let depth = 0;
    this.#parser.on('doctype', () => {
      throw new CatalystError('CORRUPT_DOCUMENT', 'The file declares entities of its own and is refused.');
    });
    this.#parser.on('opentag', ({ name, attributes }) => {
      depth += 1;
      if (depth > deepest) throw new CatalystError('PARSE_LIMIT_EXCEEDED', 'The document is nested too deeply to be read.');
      events.open(localName(name), attributes);
    });
    this.#parser.on('text', (text) => { events.text(text); });
    this.#parser.on('cdata', (text) => { events.text(text); });
    this.#parser.on('closetag', ({ name }) => {
      depth -= 1;
      events.close(localName(name));
    });
  }

  write(bytes: Uint8Array): void {
    this.#decoder ??= new TextDecoder(charsetOf(bytes));
    this.#feed(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.#feed(this.#decoder?.decode() ?? '');
    this.#guarded(() => this.#parser.close());
  }

  #feed(text: string): void {
    this.#guarded(() => this.#parser.write(text.replace(forbidden, '')));
  }

  #guarded(step: () => unknown): void {
    try {
      step();
    } catch (thrown) {
      if (thrown instanceof CatalystError || thrown instanceof RangeError) throw thrown;
      throw new CatalystError('CORRUPT_DOCUMENT', 'A part of the file is no well-formed XML.', { cause: thrown });
    }
  }
}
