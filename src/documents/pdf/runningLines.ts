import type { Paragraph } from './paragraphs.ts';

/** A paragraph with its page and how high that page is. */
export interface PagedParagraph extends Paragraph {
  readonly page: number;
  readonly pageBottom: number;
  readonly pageTop: number;
}

/** Running lines stand in the outer parts of a page, by share of its height. */
const marginShare = 0.1;
const longestLine = 200;
const fewestPages = 3;
const leastShare = 0.1;

function inMargin({ top, bottom, pageTop, pageBottom }: PagedParagraph): boolean {
  const height = pageTop - pageBottom;
  return bottom > pageTop - height * marginShare || top < pageBottom + height * marginShare;
}

/** Page numbers differ from page to page, the rest of a running line does not. */
function keyOf({ text }: PagedParagraph): string {
  return text.replace(/\d+/g, '#').replace(/\b[ivxlc]+\b/g, '#');
}

/** Drops headers, footers and page numbers that come again on many pages: they would stand in the middle of sentences. */
export function withoutRunningLines(paragraphs: readonly PagedParagraph[], pageCount: number): PagedParagraph[] {
  const isCandidate = (paragraph: PagedParagraph): boolean => paragraph.kind === 'paragraph' && paragraph.lines <= 2 && paragraph.text.length <= longestLine && inMargin(paragraph);
  const pages = new Map<string, Set<number>>();
  for (const paragraph of paragraphs) {
    if (!isCandidate(paragraph)) continue;
    const key = keyOf(paragraph);
    pages.set(key, (pages.get(key) ?? new Set()).add(paragraph.page));
  }
  const least = Math.max(fewestPages, pageCount * leastShare);
  return paragraphs.filter((paragraph) => !isCandidate(paragraph) || (pages.get(keyOf(paragraph))?.size ?? 0) < least);
}
