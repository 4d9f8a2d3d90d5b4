import type { PDFDocumentProxy, TextItem } from 'pdfjs-dist/types/src/display/api.js';
import type { LostPage, ParseTools } from '../parseTools.ts';
import { Concealment } from '../risk/concealment.ts';
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
  /** What readers of the page do not see. */
  readonly concealment: Concealment;
}

async function readPage(document: PDFDocumentProxy, number: number, concealment: Concealment): Promise<PagedParagraph[]> {
  const page = await document.getPage(number);
  try {
    const { items } = await page.getTextContent();
    const [, pageBottom = 0, , pageTop = 0] = page.view;
    const texts = await withLigatures(page, items.filter((item): item is TextItem => 'str' in item));
    lookBehind(texts, concealment);
    return pageParagraphs(texts).map((paragraph) => ({ ...paragraph, page: number, pageBottom, pageTop }));
  } finally {
    page.cleanup();
  }
}

/** In points: no printed note is smaller. */
const smallestLetters = 1.2;

/** Letters too small to be seen; those beside the page are not read at all. What is drawn in the colour of the page cannot be told without drawing it. */
function lookBehind(items: readonly TextItem[], concealment: Concealment): void {
  let unseen = '';
  for (const { str, transform } of items) {
    concealment.look(str);
    const [, , sine = 0, cosine = 0] = transform as number[];
    if (Math.hypot(sine, cosine) < smallestLetters) unseen += `${str} `;
  }
  concealment.hide(unseen);
}

/** Reads page by page. Whatever is wrong with one page, the others are read. */
export async function readPages(document: PDFDocumentProxy, { onPage, lostPages = [] }: ParseTools): Promise<ReadPages> {
  const read: ReadPages = { paragraphs: [], lost: [...lostPages], textless: [], concealment: new Concealment() };
  const passedOver = new Set(lostPages.map(({ page }) => page));
  for (let page = 1; page <= document.numPages; page++) {
    if (passedOver.has(page)) continue;
    onPage?.(page);
    try {
      const paragraphs = await readPage(document, page, read.concealment);
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
