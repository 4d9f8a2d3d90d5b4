import { CatalystError } from '../../contracts/errors.ts';
import type { ZipArchive } from '../zip/openZip.ts';
import { resolveReference } from './paths.ts';
import { findElements, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** A file of the book in the order of reading. */
export interface SpineItem {
  /** Name of its entry. */
  readonly entry: string;
  /** Whether it is the table of contents, which repeats the headings. */
  readonly isContents: boolean;
}

/** What the package file says about a book. */
export interface BookPackage {
  readonly title: string | undefined;
  readonly language: string | undefined;
  readonly spine: readonly SpineItem[];
  /** Entries of the tables of contents: one for readers of EPUB 3, one for those of EPUB 2. */
  readonly contents: readonly string[];
}

const chapterType = /^(?:application\/xhtml\+xml|text\/html|text\/x-oeb1-document)$/i;
const contentsType = 'application/x-dtbncx+xml';

function damaged(what: string): CatalystError {
  return new CatalystError('CORRUPT_DOCUMENT', `The EPUB is damaged: ${what}.`);
}

function packageEntry(archive: ZipArchive): string {
  const container = archive.read('META-INF/container.xml');
  const named = container === undefined ? undefined : findElements(parseXml(container), 'rootfile')[0]?.attributes['full-path'];
  const entry = named ?? archive.names.find((name) => name.toLowerCase().endsWith('.opf'));
  if (entry === undefined || !archive.has(entry)) throw damaged('it has no package file');
  return entry;
}

function firstText(root: XmlElement, name: string): string | undefined {
  return findElements(root, name).map(({ text }) => text).find((text) => text !== '');
}

/** Reads which files the book has and in which order they are read. Throws CORRUPT_DOCUMENT. */
export function readPackage(archive: ZipArchive): BookPackage {
  const base = packageEntry(archive);
  const root = parseXml(archive.read(base) ?? new Uint8Array());
  const items = new Map(findElements(root, 'item').map(({ attributes }) => [attributes['id'] ?? '', attributes]));
  const entryOf = (attributes: Readonly<Record<string, string>>): string | undefined => resolveReference(base, attributes['href'] ?? '');
  const isContents = (attributes: Readonly<Record<string, string>>): boolean => (attributes['properties'] ?? '').split(/\s+/).includes('nav');
  const spine = findElements(root, 'itemref').flatMap(({ attributes: { idref = '' } }) => {
    const attributes = items.get(idref);
    const entry = attributes === undefined ? undefined : entryOf(attributes);
    if (attributes === undefined || entry === undefined || !chapterType.test(attributes['media-type'] ?? 'text/html')) return [];
    return [{ entry, isContents: isContents(attributes) }];
  });
  if (spine.length === 0) throw damaged('it names no chapters');
  const contents = [...items.values()].filter((attributes) => isContents(attributes) || attributes['media-type'] === contentsType).flatMap((attributes) => entryOf(attributes) ?? []);
  const language = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.exec(firstText(root, 'language') ?? '')?.[0];
  return { title: firstText(root, 'title'), language: language?.toLowerCase() === 'und' ? undefined : language, spine, contents };
}
