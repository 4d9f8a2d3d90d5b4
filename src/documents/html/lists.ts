import { inlineText } from '../text/normalise.ts';
import { codeElements, headingElements, listElements } from './elements.ts';
import { inlineTextOf } from './inline.ts';
import { descendants, isElement } from './tree.ts';
import type { HtmlElement } from './tree.ts';

/** Lists of this many characters in an item hold whole passages: their items are blocks of their own. */
const longItem = 1500;

/** Lists that hold tables, code, headings or long passages: these are to be blocks of their own. */
export function isComplexList(list: HtmlElement): boolean {
  for (const { name } of descendants(list)) {
    if (name === 'table' || name === 'blockquote' || codeElements.has(name) || headingElements.has(name)) return true;
  }
  return list.children.some((item) => isElement(item) && inlineTextOf(item).length > longItem);
}

function itemMark(list: HtmlElement, itemName: string, number: number): string {
  if (itemName === 'dd') return '  ';
  return list.name === 'ol' ? `${number}. ` : '- ';
}

function firstNumber(list: HtmlElement): number {
  const start = Number.parseInt(list.attributes['start'] ?? '1', 10);
  return Number.isNaN(start) ? 1 : start;
}

/** A list as lines: `- item`, nested lists two spaces further in. Bounded by `maximumDepth`. */
export function listLines(list: HtmlElement, indent = ''): string[] {
  const lines: string[] = [];
  let number = firstNumber(list);
  for (const item of list.children) {
    if (!isElement(item)) {
      if (item.trim() !== '') lines.push(indent + inlineText(item));
      continue;
    }
    if (listElements.has(item.name)) {
      lines.push(...listLines(item, `${indent}  `));
      continue;
    }
    // Some pages wrap the entries of a definition list in groups.
    if (list.name === 'dl' && item.name === 'div') {
      lines.push(...listLines({ ...item, name: 'dl' }, indent));
      continue;
    }
    lines.push(...itemLines(item, indent, itemMark(list, item.name, number)));
    number += 1;
  }
  return lines;
}

function itemLines(item: HtmlElement, indent: string, mark: string): string[] {
  const lines: string[] = [];
  let text = '';
  const flush = (): void => {
    const clean = inlineText(text);
    if (clean !== '') lines.push(indent + (lines.length === 0 ? mark : '  ') + clean);
    text = '';
  };
  const visit = (element: HtmlElement): void => {
    for (const child of element.children) {
      if (isElement(child) && listElements.has(child.name)) {
        flush();
        lines.push(...listLines(child, `${indent}  `));
      } else if (isElement(child) && ['p', 'div', 'section'].includes(child.name)) {
        flush();
        visit(child);
        flush();
      } else text += inlineTextOf(child);
    }
  };
  visit(item);
  flush();
  return lines;
}
