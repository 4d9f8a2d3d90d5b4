import { DomUtils, parseDocument } from 'htmlparser2';

/** What is needed of an element of a package file: its local name, attributes and what is below. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Deeper elements are left out; tables of contents stay below ten. */
const deepest = 64;

type ParserNode = ReturnType<typeof parseDocument>['children'][number];

const localName = (name: string): string => name.slice(name.indexOf(':') + 1).toLowerCase();

function convert(nodes: readonly ParserNode[], depth: number): XmlElement[] {
  if (depth > deepest) return [];
  return nodes.flatMap((node) => {
    if (!('attribs' in node)) return [];
    const attributes = Object.fromEntries(Object.entries(node.attribs).map(([name, value]) => [name.toLowerCase(), value]));
    return [{ name: localName(node.name), attributes, text: depth === deepest ? '' : DomUtils.textContent(node).replace(/\s+/g, ' ').trim(), children: convert(node.children, depth + 1) }];
  });
}

/** The elements of an XML file. Books made by hand are often not well-formed: what can be read is read. */
export function parseXml(bytes: Uint8Array): XmlElement {
  const document = parseDocument(new TextDecoder().decode(bytes), { xmlMode: true });
  return { name: '', attributes: {}, text: '', children: convert(document.children, 0) };
}

/** All elements of a local name, in document order. */
export function findElements(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...findElements(child, name)]);
}
