import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import { CatalystError } from '../../contracts/errors.ts';
import type { LostPage, PageRecogniser, ParseTools } from '../parseTools.ts';
import { lostPage } from './lostPage.ts';
import { pageParagraphs } from './page.ts';
import { recognisedItems } from './recognisedText.ts';
import { renderPage } from './renderPage.ts';
import type { PagePicture } from './renderPage.ts';
import type { PagedParagraph } from './runningLines.ts';

export interface RecognisedPages {
  readonly paragraphs: PagedParagraph[];
  readonly pages: number[];
  readonly lost: LostPage[];
}

async function recognise(picture: PagePicture, page: number, recogniser: PageRecogniser): Promise<PagedParagraph[] | LostPage> {
  try {
    const words = await recogniser.recognise(picture.png);
    return recognisedItems(words, picture).flatMap(pageParagraphs).map((paragraph) => ({ ...paragraph, page, pageBottom: 0, pageTop: picture.height }));
  } catch (thrown) {
    if (thrown instanceof CatalystError && thrown.code === 'PARSE_LIMIT_EXCEEDED') return lostPage(page, 'PARSE_LIMIT_EXCEEDED', `Page ${page} holds pictures only; recognising its text took too long.`);
    throw thrown;
  }
}

async function drawn(document: PDFDocumentProxy, page: number, onPage: ParseTools['onPage']): Promise<PagePicture | LostPage> {
  onPage?.(page);
  try {
    return await renderPage(document, page);
  } catch {
    return lostPage(page, 'CORRUPT_DOCUMENT', `Page ${page} holds pictures only, and they cannot be drawn.`);
  } finally {
    // What follows runs in another process and keeps time itself.
    onPage?.(undefined);
  }
}

/** Reads the text of pages that are pictures. Pages without any, and those beyond the limit, stay lost. */
export async function recognisePages(document: PDFDocumentProxy, pages: readonly number[], recogniser: PageRecogniser, onPage: ParseTools['onPage']): Promise<RecognisedPages> {
  const result: RecognisedPages = { paragraphs: [], pages: [], lost: [] };
  for (const [position, page] of pages.entries()) {
    if (position >= recogniser.mostPages) {
      result.lost.push(lostPage(page, 'NO_TEXT_LAYER', `Page ${page} holds pictures only; text is recognised on the first ${recogniser.mostPages} such pages of a document.`));
      continue;
    }
    const picture = await drawn(document, page, onPage);
    const found = 'failure' in picture ? picture : await recognise(picture, page, recogniser);
    if ('failure' in found) result.lost.push(found);
    else if (found.length === 0) result.lost.push(lostPage(page, 'NO_TEXT_LAYER', `Page ${page} holds pictures only, in which no text was recognised.`));
    else {
      result.paragraphs.push(...found);
      result.pages.push(page);
    }
  }
  return result;
}
