import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { ParsedText } from '../../contracts/parsed.ts';
import { decodeText } from '../detect/charset.ts';
import { parseHtmlContent } from '../html/parseHtml.ts';
import type { ParsedHtml } from '../html/parseHtml.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { ZipArchive } from '../zip/openZip.ts';
import { readLabels } from './contents.ts';
import { readPackage } from './package.ts';
import { refuseProtected } from './protection.ts';

type LostPage = ParsedText['lostPages'][number];

/** Bytes that the texts of a book may unpack to; the longest novels take 10 MB. */
const mostUnpackedBytes = 128 * 1024 * 1024;

/** One file of the book. Throws CORRUPT_DOCUMENT when it is missing or damaged. */
function readChapter(archive: ZipArchive, entry: string): ParsedHtml {
  const bytes = archive.read(entry);
  const decoded = bytes === undefined ? undefined : bytes.length === 0 ? { text: '' } : decodeText(bytes, undefined);
  if (decoded === undefined) throw new CatalystError('CORRUPT_DOCUMENT', bytes === undefined ? 'it is missing' : 'it is no text');
  return parseHtmlContent(decoded.text);
}

function lost(chapter: number, entry: string, thrown: unknown): LostPage {
  // A book that unpacks without end is no book with a bad chapter.
  if (thrown instanceof CatalystError && thrown.code === 'PARSE_LIMIT_EXCEEDED') throw thrown;
  const missing = thrown instanceof CatalystError && thrown.message === 'it is missing';
  return { page: chapter, failure: toFailure(new CatalystError('CORRUPT_DOCUMENT', `Chapter ${chapter} (${entry}) is ${missing ? 'missing' : 'damaged'} and was left out.`, { cause: thrown })) };
}

function addChapter(builder: DocumentBuilder, { text, blocks, concealed = [] }: ParsedHtml, label: string | undefined, page: number): void {
  builder.concealment.add(concealed);
  if (label !== undefined && blocks.length > 0 && !blocks.some(({ kind }) => kind === 'heading')) builder.add('heading', label, { level: 1, page });
  for (const { kind, start, end, level } of blocks) builder.add(kind, text.slice(start, end), { page, ...(level === undefined ? {} : { level }) });
}

/**
 * An e-book: its chapters in the order of reading, each with its headings or the name that the table of contents gives it. Pages are
 * the files of the book in that order. A chapter that cannot be read is named in `lostPages`; the others are read.
 * Throws PASSWORD_PROTECTED, CORRUPT_DOCUMENT (also when every chapter is lost), PARSE_LIMIT_EXCEEDED.
 */
export function parseEpub(bytes: Uint8Array): Omit<ParsedText, 'mediaType'> {
  const archive = new ZipArchive(bytes, { unpackedBytes: mostUnpackedBytes, name: 'EPUB' });
  const { title, language, spine, contents } = readPackage(archive);
  refuseProtected(archive, spine);
  const labels = readLabels(archive, contents);
  const builder = new DocumentBuilder();
  const lostPages: LostPage[] = [];
  spine.forEach(({ entry, isContents }, position) => {
    if (isContents) return;
    try {
      addChapter(builder, readChapter(archive, entry), labels.get(entry), position + 1);
    } catch (thrown) {
      lostPages.push(lost(position + 1, entry, thrown));
    }
  });
  const book = builder.finish();
  if (book.text === '' && lostPages.length > 0) throw new CatalystError('CORRUPT_DOCUMENT', 'No chapter of the EPUB can be read.');
  return { ...(title === undefined ? {} : { title }), ...(language === undefined ? {} : { language }), ...book, pageCount: spine.length, lostPages };
}
