import type { PDFDocumentProxy, TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { ParsedDocument } from '../../contracts/parsed.ts';
import { assemblePdf } from './assemble.ts';
import { openPdf } from './openPdf.ts';
import { readOutline } from './outline.ts';
import { pageParagraphs } from './page.ts';
import type { PagedParagraph } from './runningLines.ts';

type LostPage = ParsedDocument['lostPages'][number];

/** Fonts and other shared objects are let go after so many pages; keeping them all would grow with the document. */
const pagesBetweenCleanups = 64;

async function readPage(document: PDFDocumentProxy, number: number): Promise<PagedParagraph[]> {
  const page = await document.getPage(number);
  try {
    const { items } = await page.getTextContent();
    const [, pageBottom = 0, , pageTop = 0] = page.view;
    return pageParagraphs(items.filter((item): item is TextItem => 'str' in item)).map((paragraph) => ({ ...paragraph, page: number, pageBottom, pageTop }));
  } finally {
    page.cleanup();
  }
}

async function readPages(document: PDFDocumentProxy): Promise<{ paragraphs: PagedParagraph[]; lostPages: LostPage[] }> {
  const paragraphs: PagedParagraph[] = [];
  const lostPages: LostPage[] = [];
  for (let page = 1; page <= document.numPages; page++) {
    try {
      for (const paragraph of await readPage(document, page)) paragraphs.push(paragraph);
    } catch (thrown) {
      lostPages.push({ page, failure: toFailure(new CatalystError('CORRUPT_DOCUMENT', `Page ${page} is damaged and was left out.`, { cause: thrown })) });
    }
    if (page % pagesBetweenCleanups === 0) await document.cleanup();
  }
  return { paragraphs, lostPages };
}

/**
 * Reads the text of a PDF page by page. A page that cannot be read is named in `lostPages`; the others are read.
 * Throws PASSWORD_PROTECTED, NO_TEXT_LAYER, CORRUPT_DOCUMENT (also when every page is lost).
 */
export async function parsePdf(bytes: Uint8Array): Promise<Omit<ParsedDocument, 'mediaType'>> {
  const pdf = await openPdf(bytes);
  const { document } = pdf;
  try {
    const { paragraphs, lostPages } = await readPages(document);
    if (lostPages.length === document.numPages) throw new CatalystError('CORRUPT_DOCUMENT', 'No page of the PDF can be read.');
    if (paragraphs.length === 0) throw new CatalystError('NO_TEXT_LAYER', 'The PDF holds images of pages only, no text.');
    const { info } = await document.getMetadata().catch(() => ({ info: {} }));
    return { ...assemblePdf(paragraphs, await readOutline(document), info as Record<string, unknown>, document.numPages), pageCount: document.numPages, lostPages };
  } finally {
    await pdf.close();
  }
}
