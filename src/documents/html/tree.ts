/** What remains of an HTML document for reading: visible elements and texts, never deeper than `maximumDepth`. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: HtmlNode[];
}
export type HtmlNode = HtmlElement | string;

/** Deeper elements are flattened into their ancestor at this depth, so that recursion over a tree is safe. */
export const maximumDepth = 200;

export function isElement(node: HtmlNode): node is HtmlElement {
  return typeof node !== 'string';
}

/** All elements below, in document order, the given one first. */
export function* descendants(element: HtmlElement): Generator<HtmlElement> {
  yield element;
  for (const child of element.children) if (isElement(child)) yield* descendants(child);
}

/** Text below as it stands; `br` is a line end. */
export function textOf(node: HtmlNode): string {
  if (!isElement(node)) return node;
  if (node.name === 'br') return '\n';
  return node.children.map(textOf).join('');
}

export function findAll(element: HtmlElement, names: ReadonlySet<string>): HtmlElement[] {
  return [...descendants(element)].filter(({ name }) => names.has(name));
}

/** Characters of text that are not whitespace. */
export function textLength(node: HtmlNode): number {
  if (!isElement(node)) return node.replace(/\s+/g, '').length;
  return node.children.reduce((sum, child) => sum + textLength(child), 0);
}
