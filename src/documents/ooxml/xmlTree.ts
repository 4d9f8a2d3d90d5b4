import { CatalystError } from '../../contracts/errors.ts';
import { XmlReader } from './xmlReader.ts';

/** An element of XML; its name has no namespace prefix, its attributes keep theirs. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (XmlElement | string)[];
}

/** A tree takes many times the memory of its text; parts that may be larger are read as a stream. */
const mostElements = 1_000_000;

/** Reads a whole part. Throws CORRUPT_DOCUMENT, PARSE_LIMIT_EXCEEDED. */
export function parseXml(bytes: Uint8Array): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open: XmlElement[] = [root];
  let count = 0;
  const reader = new XmlReader({
    open(name, attributes) {
      count += 1;
      if (count > mostElements) throw new CatalystError('PARSE_LIMIT_EXCEEDED', `A part of the document has more than ${mostElements} elements.`);
      const element: XmlElement = { name, attributes, children: [] };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    text(text) {
      if (open.length > 1) open.at(-1)?.children.push(text);
    },
    close() {
      open.pop();
    },
  });
  reader.write(bytes);
  reader.end();
  const [top] = root.children;
  if (top === undefined || typeof top === 'string') throw new CatalystError('CORRUPT_DOCUMENT', 'A part of the file is empty.');
  return top;
}

export function childrenOf(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter((child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name));
}

/** The element at the end of a path of names, each the first child of that name. */
export function find(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((above, name) => (above === undefined ? undefined : childrenOf(above, name)[0]), element);
}

/** All elements of a name below, in document order. */
export function* descendantsOf(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of childrenOf(element)) {
    if (child.name === name) yield child;
    yield* descendantsOf(child, name);
  }
}

export function textIn(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');
}

/** The attribute that names a relationship, such as `r:id`; its prefix is the file's own choice. */
export function relationshipId(element: XmlElement, name = 'id'): string | undefined {
  return Object.entries(element.attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];
}
