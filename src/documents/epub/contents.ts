import type { ZipArchive } from '../zip/openZip.ts';
import { resolveReference } from './paths.ts';
import { findElements, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

interface Entry {
  readonly reference: string;
  readonly label: string;
}

function entriesOf(root: XmlElement): Entry[] {
  const points = findElements(root, 'navpoint').map((point) => ({
    reference: point.children.find(({ name }) => name === 'content')?.attributes['src'] ?? '',
    label: point.children.find(({ name }) => name === 'navlabel')?.text ?? '',
  }));
  const lists = findElements(root, 'nav').filter(({ attributes }) => (attributes['epub:type'] ?? 'toc') === 'toc');
  return [...points, ...lists.flatMap((list) => findElements(list, 'a')).map(({ attributes, text }) => ({ reference: attributes['href'] ?? '', label: text }))];
}

/** What the tables of contents call each file of the book: the first name, where several lead into one file. A table that cannot be read names nothing. */
export function readLabels(archive: ZipArchive, tables: readonly string[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const table of tables) {
    const bytes = readable(archive, table);
    for (const { reference, label } of bytes === undefined ? [] : entriesOf(parseXml(bytes))) {
      const entry = resolveReference(table, reference);
      if (entry !== undefined && label !== '' && !labels.has(entry)) labels.set(entry, label);
    }
  }
  return labels;
}

function readable(archive: ZipArchive, entry: string): Uint8Array | undefined {
  try {
    return archive.read(entry);
  } catch {
    // Without a table of contents the chapters keep the headings of their own.
    return undefined;
  }
}
