import { blockElements } from './elements.ts';
import { descendants, isElement, textOf } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

/** The source of a formula in TeX where the page has it, else its symbols. */
function formula(element: HtmlElement): string {
  const source = element.attributes['alttext'] ?? [...descendants(element)].filter(({ name, attributes }) => name === 'annotation' && attributes['encoding'] === 'application/x-tex').map(textOf)[0];
  return ` ${source ?? textOf(element)} `;
}

/** Pictures are not text, save formulas drawn as pictures. */
function pictureText({ attributes }: HtmlElement): string {
  return /math|latex|formula|tex\b/i.test(attributes['class'] ?? '') ? ` ${attributes['alt'] ?? ''} ` : '';
}

/** Text of a node in one line (save `br`), with spaces where blocks end. */
export function inlineTextOf(node: HtmlNode): string {
  if (!isElement(node)) return node.replace(/\s+/g, ' ');
  if (node.name === 'br') return '\n';
  if (node.name === 'img') return pictureText(node);
  if (node.name === 'math') return formula(node);
  const text = node.children.map(inlineTextOf).join('');
  if (node.name === 'q') return `"${text}"`;
  return blockElements.has(node.name) ? ` ${text} ` : text;
}
