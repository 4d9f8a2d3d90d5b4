import { Tokenizer } from 'htmlparser2';

export type Attributes = Readonly<Record<string, string>>;

/** Called as a document is read, with names in lower case and entities decoded. Only the entities of the language itself are known: none can be defined. */
export interface MarkupReader {
  open?(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(data: string): void;
}

/**
 * Reads HTML or XML as it is found, well-formed or not, in one pass and without a tree: nothing that is nested deeply or left open
 * takes more time than its length. In XML an element that closes itself is opened and closed.
 */
export function readMarkup(source: string, language: 'html' | 'xml', reader: MarkupReader): void {
  const isXml = language === 'xml';
  let name = '';
  let attributeName = '';
  let value = '';
  let attributes: Record<string, string> = {};
  const slice = (start: number, end: number): string => source.slice(start, end);
  const open = (): void => reader.open?.(name, attributes);
  const tokenizer = new Tokenizer({ xmlMode: isXml, decodeEntities: true }, {
    onopentagname(start, end) {
      name = slice(start, end).toLowerCase();
      attributes = {};
    },
    onattribname(start, end) {
      attributeName = slice(start, end).toLowerCase();
      value = '';
    },
    onattribdata: (start, end) => void (value += slice(start, end)),
    onattribentity: (codePoint) => void (value += String.fromCodePoint(codePoint)),
    onattribend() {
      if (!Object.hasOwn(attributes, attributeName)) attributes[attributeName] = value;
    },
    onopentagend: open,
    onselfclosingtag() {
      open();
      if (isXml) reader.close?.(name);
    },
    onclosetag: (start, end) => reader.close?.(slice(start, end).toLowerCase()),
    ontext: (start, end) => reader.text?.(slice(start, end)),
    ontextentity: (codePoint) => reader.text?.(String.fromCodePoint(codePoint)),
    oncdata(start, end, endOffset) {
      if (isXml) reader.text?.(slice(start, end - endOffset));
    },
    oncomment: ignore,
    ondeclaration: ignore,
    onend: ignore,
    onprocessinginstruction: ignore,
  });
  tokenizer.write(source);
  tokenizer.end();
}

function ignore(): void {
  // Comments, declarations and instructions say nothing that is asked for.
}
