import type { PDFDocumentProxy, TextItem } from 'pdfjs-dist/types/src/display/api.js';
import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { ParsedText } from '../../contracts/parsed.ts';
import { assemblePdf } from './assemble.ts';
import { openPdf } from './openPdf.ts';
import { readOutline } from './outline.ts';
import { pageParagraphs } from './page.ts';
import { picturePages } from './picturePages.ts';
import type { PagedParagraph } from './runningLines.ts';

type LostPage = ParsedText['lostPages'][number];

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

function lost(page: number, code: 'CORRUPT_DOCUMENT' | 'NO_TEXT_LAYER', message: string): LostPage {
  return { page, failure: toFailure(new CatalystError(code, message)) };
}

interface ReadPages {
  readonly paragraphs: PagedParagraph[];
  readonly damaged: number[];
  readonly textless: number[];
}

async function readPages(document: PDFDocumentProxy): Promise<ReadPages> {
  const read: ReadPages = { paragraphs: [], damaged: [], textless: [] };
  for (let page = 1; page <= document.numPages; page++) {
    try {
      const paragraphs = await readPage(document, page);
      if (paragraphs.length === 0) read.textless.push(page);
      for (const paragraph of paragraphs) read.paragraphs.push(paragraph);
    } catch {
      // Whatever is wrong with one page, the others are read; the page is named in the result.
      read.damaged.push(page);
    }
    if (page % pagesBetweenCleanups === 0) await document.cleanup();
  }
  return read;
}

async function lostPagesOf(document: PDFDocumentProxy, { damaged, textless }: ReadPages): Promise<LostPage[]> {
  const scans = await picturePages(document, textless);
  return [
    ...damaged.map((page) => lost(page, 'CORRUPT_DOCUMENT', `Page ${page} is damaged and was left out.`)),
    ...scans.map((page) => lost(page, 'NO_TEXT_LAYER', `Page ${page} holds pictures only, no text.`)),
  ].sort((first, second) => first.page - second.page);
}

/**
 * Reads the text of a PDF page by page. A page that cannot be read is named in `lostPages`; the others are read.
 * Throws PASSWORD_PROTECTED, NO_TEXT_LAYER, CORRUPT_DOCUMENT (also when every page is lost).
 */
export async function parsePdf(bytes: Uint8Array): Promise<Omit<ParsedText, 'mediaType'>> {
  const pdf = await openPdf(bytes);
  const { document } = pdf;
  try {
    const read = await readPages(document);
    if (read.damaged.length === document.numPages) throw new CatalystError('CORRUPT_DOCUMENT', 'No page of the PDF can be read.');
    if (read.paragraphs.length === 0) throw new CatalystError('NO_TEXT_LAYER', 'The PDF holds images of pages only, no text.');
    const { info } = await document.getMetadata().catch(() => ({ info: {} }));
    const text = assemblePdf(read.paragraphs, await readOutline(document), info as Record<string, unknown>, document.numPages);
    return { ...text, pageCount: document.numPages, lostPages: await lostPagesOf(document, read) };
  } finally {
    await pdf.close();
  }
}
