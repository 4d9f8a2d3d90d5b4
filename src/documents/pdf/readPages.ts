import type { PDFDocumentProxy, TextItem } from 'pdfjs-dist/types/src/display/api.js';
import type { LostPage, ParseTools } from '../parseTools.ts';
import { withLigatures } from './ligatures.ts';
import { lostPage } from './lostPage.ts';
import { pageParagraphs } from './page.ts';
import type { PagedParagraph } from './runningLines.ts';

/** Fonts and other shared objects are let go after so many pages; keeping them all would grow with the document. */
const pagesBetweenCleanups = 64;

/** What the pages hold as text; numbers of those that hold none. */
export interface ReadPages {
  readonly paragraphs: PagedParagraph[];
  readonly lost: LostPage[];
  readonly textless: number[];
}

async function readPage(document: PDFDocumentProxy, number: number): Promise<PagedParagraph[]> {
  const page = await document.getPage(number);
  try {
    const { items } = await page.getTextContent();
    const [, pageBottom = 0, , pageTop = 0] = page.view;
    const texts = await withLigatures(page, items.filter((item): item is TextItem => 'str' in item));
    return pageParagraphs(texts).map((paragraph) => ({ ...paragraph, page: number, pageBottom, pageTop }));
  } finally {
    page.cleanup();
  }
}

/** Reads page by page. Whatever is wrong with one page, the others are read. */
export async function readPages(document: PDFDocumentProxy, { onPage, lostPages = [] }: ParseTools): Promise<ReadPages> {
  const read: ReadPages = { paragraphs: [], lost: [...lostPages], textless: [] };
  const passedOver = new Set(lostPages.map(({ page }) => page));
  for (let page = 1; page <= document.numPages; page++) {
    if (passedOver.has(page)) continue;
    onPage?.(page);
    try {
      const paragraphs = await readPage(document, page);
      if (paragraphs.length === 0) read.textless.push(page);
      for (const paragraph of paragraphs) read.paragraphs.push(paragraph);
    } catch {
      read.lost.push(lostPage(page, 'CORRUPT_DOCUMENT', `Page ${page} is damaged and was left out.`));
    }
    if (page % pagesBetweenCleanups === 0) await document.cleanup();
  }
  onPage?.(undefined);
  return read;
}
