import { headingElements } from './elements.ts';
import { descendants } from './tree.ts';
import type { HtmlElement } from './tree.ts';

const boldElements: ReadonlySet<string> = new Set(['b', 'strong']);
const weight = /font-weight\s*:\s*(bold|bolder|[6-9]00|normal|lighter|[1-5]00)/i;
const weightAttribute = 'data-weight';
const longestHeading = 120;

/** Pages made by office programs (filings, reports) have no heading elements: their headings are lines in bold. */
export function hasNoHeadings(root: HtmlElement): boolean {
  for (const { name } of descendants(root)) if (headingElements.has(name)) return false;
  return true;
}

/** Notes the weight that a style gives, since styles do not outlive the search for the main content. */
export function noteWeight(attributes: Record<string, string>): void {
  const value = weight.exec(attributes['style'] ?? '')?.[1];
  if (value !== undefined) attributes[weightAttribute] = /^(?:bold|[6-9])/i.test(value) ? 'bold' : 'normal';
}

/** Whether text in the element is bold, given that around it. */
export function isBold({ name, attributes }: HtmlElement, around: boolean): boolean {
  const noted = attributes[weightAttribute];
  if (noted !== undefined) return noted === 'bold';
  return around || boldElements.has(name);
}

/** The level of a line in bold as a heading: capitals stand above mixed case; undefined when it reads as text. */
export function boldHeadingLevel(line: string): number | undefined {
  const text = line.trim();
  if (text.length > longestHeading || /^\(|[.,;:]$/.test(text) || !/\p{L}{2}/u.test(text)) return undefined;
  return text === text.toUpperCase() ? 2 : 3;
}
