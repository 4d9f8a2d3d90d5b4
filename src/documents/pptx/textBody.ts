import { childrenOf, find } from '../ooxml/xmlTree.ts';
import type { XmlElement } from '../ooxml/xmlTree.ts';
import { inlineText } from '../text/normalise.ts';

export interface Paragraph {
  readonly text: string;
  /** Mark of a list item; undefined for a plain paragraph. */
  readonly mark: string | undefined;
  readonly level: number;
}

/** The text of a paragraph: its runs, breaks and formulas; a field that shows the number of the slide says nothing. */
function textOf(element: XmlElement): string {
  if (element.name === 't') return element.children.map((child) => (typeof child === 'string' ? child : '')).join('');
  if (element.name === 'br') return ' ';
  if (element.name === 'tab') return ' ';
  if (element.name === 'fld' && element.attributes['type'] === 'slidenum') return '';
  const children = element.name === 'AlternateContent' ? childrenOf(element).slice(0, 1) : childrenOf(element);
  return children.map(textOf).join('');
}

function letters(number: number): string {
  return number > 26 ? String(number) : String.fromCharCode(96 + number);
}

function markOf(properties: XmlElement | undefined, isListByDefault: boolean, number: number): string | undefined {
  if (find(properties, 'buNone') !== undefined) return undefined;
  const numbering = find(properties, 'buAutoNum');
  if (numbering !== undefined) return /^alpha/.test(numbering.attributes['type'] ?? '') ? `${letters(number)}.` : `${number}.`;
  return isListByDefault || find(properties, 'buChar') !== undefined || find(properties, 'buBlip') !== undefined ? '-' : undefined;
}

/**
 * Paragraphs of a text body that hold text. `isListByDefault`: the layout gives its paragraphs bullets, as it does in the content
 * areas of slides; a single paragraph is no list all the same.
 */
export function paragraphsOf(body: XmlElement, isListByDefault: boolean): Paragraph[] {
  const paragraphs = childrenOf(body, 'p').map((paragraph) => ({ properties: find(paragraph, 'pPr'), text: inlineText(textOf(paragraph)) })).filter(({ text }) => text !== '');
  const numbers: number[] = [];
  return paragraphs.map(({ properties, text }) => {
    const level = Math.min(8, Number(properties?.attributes['lvl'] ?? 0) || 0);
    numbers.length = level + 1;
    const isNumbered = find(properties, 'buAutoNum') !== undefined;
    const start = Number(find(properties, 'buAutoNum')?.attributes['startAt'] ?? 1) || 1;
    const number = isNumbered ? (numbers[level] ?? start - 1) + 1 : 0;
    if (isNumbered) numbers[level] = number;
    else numbers.length = level;
    return { text, level, mark: markOf(properties, isListByDefault && paragraphs.length > 1, number) };
  });
}
