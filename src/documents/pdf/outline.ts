import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import { outlineKey } from './headings.ts';
import type { OutlineLevels } from './headings.ts';

interface OutlineEntry {
  readonly title: string;
  readonly items: readonly OutlineEntry[];
}

const mostEntries = 20_000;

/** The bookmarks of a PDF by title; empty where it has none or they are damaged. */
export async function readOutline(document: PDFDocumentProxy): Promise<OutlineLevels> {
  const levels = new Map<string, number>();
  let entries: readonly OutlineEntry[];
  try {
    // The library types an absent outline as present.
    entries = ((await document.getOutline())) ?? [];
  } catch {
    // Bookmarks only help to tell headings: text without them is still the text.
    return levels;
  }
  for (let level = 1; entries.length > 0 && level <= 6 && levels.size < mostEntries; level++) {
    for (const { title } of entries) {
      const key = outlineKey(title);
      if (key !== '' && !levels.has(key)) levels.set(key, level);
    }
    entries = entries.flatMap(({ items }) => items);
  }
  return levels;
}
