import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import type { RiskKind } from '../../contracts/risk.ts';
import { Concealment } from '../risk/concealment.ts';
import { noteWeight } from './boldHeadings.ts';
import { isConcealed, isHidden } from './elements.ts';
import { maximumDepth } from './tree.ts';
import type { HtmlElement } from './tree.ts';

type SourceNode = DefaultTreeAdapterTypes.ChildNode;

/** What the head of a page says about it. */
export interface HtmlHead {
  title?: string;
  openGraphTitle?: string;
  language?: string;
}

export interface HtmlPage {
  readonly head: HtmlHead;
  readonly body: HtmlElement;
  /** What the page holds for a model where readers do not see it: in comments, and in elements that are not shown. */
  readonly concealed: readonly RiskKind[];
}

/** In XHTML an element may end itself; HTML rules would leave it open and take the rest of the page for its content. */
function closeSelfClosed(source: string): string {
  if (!/^\s*<\?xml/i.test(source.slice(0, 200))) return source;
  return source.replace(/<([a-z][\w:.-]*)((?:\s[^<>]*)?)\/>/gi, (tag, name: string, rest: string) =>
    /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i.test(name) ? tag : `<${name}${rest}></${name}>`);
}

function noteHead(head: HtmlHead, name: string, attributes: Readonly<Record<string, string>>, node: DefaultTreeAdapterTypes.Element): void {
  if (name === 'html' && attributes['lang'] !== undefined) head.language ??= attributes['lang'];
  if (name === 'html' && attributes['xml:lang'] !== undefined) head.language ??= attributes['xml:lang'];
  if (name === 'title' && node.namespaceURI.endsWith('xhtml')) {
    head.title ??= node.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
  }
  if (name !== 'meta') return;
  const property = (attributes['property'] ?? attributes['name'] ?? '').toLowerCase();
  if (property === 'og:title' && attributes['content'] !== undefined) head.openGraphTitle ??= attributes['content'];
  if (attributes['http-equiv']?.toLowerCase() === 'content-language' && attributes['content'] !== undefined) head.language ??= attributes['content'];
}

const mostSourceNodes = 5_000;
const longestSource = 20_000;

/** The beginning of what stands below an element. */
function sourceText(element: SourceNode): string {
  const open: SourceNode[] = [element];
  let text = '';
  for (let nodes = 0; nodes < mostSourceNodes && text.length < longestSource; nodes += 1) {
    const node = open.pop();
    if (node === undefined) break;
    if (node.nodeName === '#text' && 'value' in node) text += `${node.value} `;
    if ('childNodes' in node) for (let at = Math.min(node.childNodes.length, mostSourceNodes) - 1; at >= 0; at -= 1) open.push(node.childNodes[at] as SourceNode);
  }
  return text;
}

/** Neighbouring texts become one: a page flattened at its depth limit would else hold thousands of them in a row. */
function addText({ children }: HtmlElement, text: string): void {
  const last = children.at(-1);
  if (typeof last === 'string') children[children.length - 1] = last.endsWith(' ') && text === ' ' ? last : last + text;
  else children.push(text);
}

/**
 * Parses HTML by the rules of browsers and keeps what a reader sees.
 * Walks with a stack of its own: pages nested tens of thousands deep exist and must not overflow the call stack.
 */
export function readTree(source: string): HtmlPage {
  const document = parse(closeSelfClosed(source), { scriptingEnabled: false, sourceCodeLocationInfo: false });
  const head: HtmlHead = {};
  const concealment = new Concealment();
  const body: HtmlElement = { name: 'body', attributes: {}, children: [] };
  const stack: { nodes: readonly SourceNode[]; next: number; target: HtmlElement; depth: number; concealed: boolean }[] = [{ nodes: document.childNodes, next: 0, target: body, depth: 0, concealed: false }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = top.nodes[top.next++];
    if (node === undefined) {
      if (top.depth > maximumDepth) addText(top.target, ' ');
      stack.pop();
      continue;
    }
    if (node.nodeName === '#text' && 'value' in node) addText(top.target, node.value);
    if (node.nodeName === '#comment' && 'data' in node) concealment.hide(node.data);
    if (!('tagName' in node)) continue;
    const attributes = Object.fromEntries(node.attrs.map(({ prefix, name, value }) => [prefix === undefined || prefix === '' ? name : `${prefix}:${name}`, value]));
    noteHead(head, node.tagName, attributes, node);
    const concealed = top.concealed || isConcealed(attributes);
    if (concealed && !top.concealed) concealment.hide(sourceText(node));
    if (isHidden(node.tagName, attributes)) continue;
    noteWeight(attributes);
    const isWrapper = node.tagName === 'html' || node.tagName === 'head' || node.tagName === 'body';
    const flatten = isWrapper || top.depth >= maximumDepth;
    const target = flatten ? top.target : { name: node.tagName, attributes, children: [] };
    if (!flatten) top.target.children.push(target);
    stack.push({ nodes: node.childNodes, next: 0, target, depth: isWrapper ? top.depth : top.depth + 1, concealed });
  }
  return { head, body, concealed: concealment.kinds };
}
