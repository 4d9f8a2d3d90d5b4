import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import type { ParseTools } from '../parseTools.ts';

/** Drawing a page, even on nothing, unpacks its pictures: only so many pages are looked at, the others are taken to be like them. */
const mostLookedAt = 32;

const pictureOperations: ReadonlySet<number> = new Set([
  pdfjs.OPS.paintImageXObject, pdfjs.OPS.paintInlineImageXObject, pdfjs.OPS.paintImageMaskXObject, pdfjs.OPS.paintImageXObjectRepeat, pdfjs.OPS.paintImageMaskXObjectRepeat,
]);

async function showsPicture(document: PDFDocumentProxy, number: number): Promise<boolean> {
  const page = await document.getPage(number);
  try {
    const { fnArray } = await page.getOperatorList();
    return fnArray.some((operation) => pictureOperations.has(operation));
  } catch {
    // Text was looked for before and there is none; a picture that cannot be unpacked is one all the same.
    return true;
  } finally {
    page.cleanup();
  }
}

/** Of pages without text, those that show pictures: scans, most likely. The others are blank. */
export async function picturePages(document: PDFDocumentProxy, pages: readonly number[], onPage: ParseTools['onPage']): Promise<number[]> {
  const found: number[] = [];
  for (const page of pages.slice(0, mostLookedAt)) {
    onPage?.(page);
    if (await showsPicture(document, page)) found.push(page);
  }
  onPage?.(undefined);
  return found.length * 2 > mostLookedAt ? [...found, ...pages.slice(mostLookedAt)] : found;
}
