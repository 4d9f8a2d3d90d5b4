import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { isElement } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** The little of a DOM node that is used here; the compiler has no DOM library in a Node project. */
interface DomNode {
  readonly nodeType: number;
  readonly localName: string;
  readonly textContent: string;
  readonly childNodes: Iterable<DomNode>;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  setAttribute(name: string, value: string): void;
  appendChild(child: DomNode): void;
}
interface DomDocument {
  readonly body: DomNode;
  createElement(name: string): DomNode;
  createTextNode(text: string): DomNode;
}

/** Readability scores every element several times over; a page above this is taken as it is. */
const mostElements = 20_000;
const elementNode = 1;
const textNode = 3;
/** Readability makes headings of the first level second ones; their own name is kept here. */
const nameAttribute = 'data-name';
const plainName = /^[a-z][a-z0-9]*$/;

function countElements(element: HtmlElement): number {
  return element.children.reduce((sum, child) => sum + (isElement(child) ? countElements(child) : 0), 1);
}

function toDom(document: DomDocument, node: HtmlNode): DomNode {
  if (!isElement(node)) return document.createTextNode(node);
  const element = document.createElement(plainName.test(node.name) ? node.name : 'span');
  for (const [name, value] of Object.entries(node.attributes)) if (/^[a-z][\w-]*$/i.test(name) && name !== 'style') element.setAttribute(name, value);
  if (node.name === 'h1') element.setAttribute(nameAttribute, node.name);
  for (const child of node.children) element.appendChild(toDom(document, child));
  return element;
}

function fromDom(node: DomNode): HtmlElement {
  const children: HtmlNode[] = [];
  for (const child of node.childNodes) {
    if (child.nodeType === elementNode) children.push(fromDom(child));
    else if (child.nodeType === textNode) children.push(child.textContent);
  }
  const attributes = Object.fromEntries(Array.from(node.attributes, ({ name, value }) => [name, value]));
  return { name: attributes[nameAttribute] ?? node.localName, attributes, children };
}

/** The article that Mozilla's Readability finds in a tree; undefined when it finds none or the page is too large for it. */
export function readableArticle(body: HtmlElement): HtmlElement | undefined {
  if (countElements(body) > mostElements) return undefined;
  const { document } = parseHTML('<!doctype html><html><head></head><body></body></html>') as { document: DomDocument };
  for (const child of body.children) document.body.appendChild(toDom(document, child));
  const reader = new Readability<DomNode>(document, { keepClasses: true, serializer: (node: unknown) => node as DomNode });
  const content = reader.parse()?.content;
  return content === null || content === undefined ? undefined : fromDom(content);
}
