import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import { CatalystError } from '../../contracts/errors.ts';
import type { ParsedText } from '../../contracts/parsed.ts';
import type { ParseTools } from '../parseTools.ts';
import { assemblePdf } from './assemble.ts';
import { damagedPages } from './damagedPages.ts';
import { lostPage } from './lostPage.ts';
import { openPdf } from './openPdf.ts';
import { readOutline } from './outline.ts';
import { picturePages } from './picturePages.ts';
import { readPages } from './readPages.ts';
import type { ReadPages } from './readPages.ts';
import { recognisePages } from './recognisePages.ts';
import type { RecognisedPages } from './recognisePages.ts';

/** Pages without text: recognised where that is switched on, else named where they show pictures. The others are blank. */
async function readPictures(document: PDFDocumentProxy, textless: readonly number[], { recogniser, onPage }: ParseTools): Promise<RecognisedPages> {
  const scans = await picturePages(document, textless, onPage);
  if (recogniser !== undefined) return recognisePages(document, scans, recogniser, onPage);
  return { paragraphs: [], pages: [], lost: scans.map((page) => lostPage(page, 'NO_TEXT_LAYER', `Page ${page} holds pictures only, no text.`)) };
}

/** Moves pages whose content cannot be unpacked from those without text to those that are lost. */
async function tellDamaged(document: PDFDocumentProxy, read: ReadPages, bytes: Uint8Array): Promise<void> {
  for (const page of await damagedPages(document, read.textless, bytes)) {
    read.textless.splice(read.textless.indexOf(page), 1);
    read.lost.push(lostPage(page, 'CORRUPT_DOCUMENT', `Page ${page} is damaged and was left out.`));
  }
}

function refuseWithoutText({ paragraphs, lost, textless }: ReadPages, pictures: RecognisedPages): void {
  if (paragraphs.length + pictures.paragraphs.length > 0) return;
  const [first] = lost;
  if (textless.length === 0 && first !== undefined) {
    const isLimit = lost.every(({ failure }) => failure.code === 'PARSE_LIMIT_EXCEEDED');
    throw new CatalystError(isLimit ? 'PARSE_LIMIT_EXCEEDED' : 'CORRUPT_DOCUMENT', isLimit ? first.failure.message : 'No page of the PDF can be read.');
  }
  throw new CatalystError('NO_TEXT_LAYER', 'The PDF holds images of pages only, no text.');
}

/**
 * Reads the text of a PDF page by page. A page that cannot be read is named in `lostPages`; the others are read.
 * Throws PASSWORD_PROTECTED, NO_TEXT_LAYER, CORRUPT_DOCUMENT (also when every page is lost), PARSE_LIMIT_EXCEEDED when every page took too long.
 */
export async function parsePdf(bytes: Uint8Array, tools: ParseTools = {}): Promise<Omit<ParsedText, 'mediaType'>> {
  const pdf = await openPdf(bytes);
  const { document } = pdf;
  try {
    const read = await readPages(document, tools);
    await tellDamaged(document, read, bytes);
    const pictures = await readPictures(document, read.textless, tools);
    refuseWithoutText(read, pictures);
    const { info } = await document.getMetadata().catch(() => ({ info: {} }));
    const paragraphs = pictures.pages.length === 0 ? read.paragraphs : [...read.paragraphs, ...pictures.paragraphs].sort((first, second) => first.page - second.page);
    const text = assemblePdf(paragraphs, await readOutline(document), info as Record<string, unknown>, document.numPages, read.concealment.kinds);
    const lostPages = [...read.lost, ...pictures.lost].sort((first, second) => first.page - second.page);
    return { ...text, pageCount: document.numPages, lostPages, ...(pictures.pages.length === 0 ? {} : { recognisedPages: pictures.pages }) };
  } finally {
    await pdf.close();
  }
}
