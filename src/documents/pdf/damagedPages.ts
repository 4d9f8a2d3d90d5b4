import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import { inflate, RawObjects } from './rawObjects.ts';

const onlyDeflated = /\/Filter\s*(?:\[\s*)?\/FlateDecode\s*(?:\]|\/(?!\w*Decode\b)|>>|$)/;

function isDamaged(objects: RawObjects, number: number): boolean {
  const content = objects.object(number);
  if (content?.stream === undefined || !onlyDeflated.test(content.dictionary)) return false;
  // An empty stream is how some programs write a blank page.
  if (content.stream.every((byte) => byte <= 0x20)) return false;
  try {
    inflate(content.stream);
    return false;
  } catch {
    return true;
  }
}

function contentsOf(objects: RawObjects, page: number): number[] {
  const dictionary = objects.object(page)?.dictionary ?? '';
  const contents = /\/Contents\s*(\[[^\]]*\]|\d+\s+\d+\s+R)/.exec(dictionary)?.[1] ?? '';
  return [...contents.matchAll(/(\d+)\s+\d+\s+R/g)].map(([, number]) => Number(number));
}

/** Of pages that give no text, those whose content cannot be unpacked: the library takes them for blank. */
export async function damagedPages(document: PDFDocumentProxy, pages: readonly number[], bytes: Uint8Array): Promise<number[]> {
  if (pages.length === 0) return [];
  const objects = new RawObjects(bytes);
  if (objects.isEncrypted) return [];
  const damaged: number[] = [];
  for (const number of pages) {
    const { ref } = await document.getPage(number);
    const page = (ref as { readonly num: number } | null)?.num;
    if (page !== undefined && contentsOf(objects, page).some((content) => isDamaged(objects, content))) damaged.push(number);
  }
  return damaged;
}
