import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { Block, ParsedText } from '../../contracts/parsed.ts';
import { packageProperties } from '../ooxml/properties.ts';
import { mainPart, relationshipsOf } from '../ooxml/relationships.ts';
import { childrenOf, find, parseXml, relationshipId } from '../ooxml/xmlTree.ts';
import { BoundedText } from '../tables/boundedText.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { ZipArchive } from '../zip/openZip.ts';
import { readSlide } from './slide.ts';
import type { ReadSlide } from './slide.ts';

/** Bytes that slides, notes and charts may unpack to; pictures and films are not unpacked. */
const mostUnpackedBytes = 256 * 1024 * 1024;

type ParsedSlides = Pick<ParsedText, 'title' | 'language' | 'lostPages'> & { text: string; blocks: Block[]; pageCount: number };

/** Parts of the slides in the order they are shown, hidden ones among them; undefined for one that leads nowhere. */
function slideParts(archive: ZipArchive): (string | undefined)[] {
  const part = mainPart(archive, 'ppt/presentation.xml');
  const bytes = archive.read(part);
  if (bytes === undefined) throw new CatalystError('CORRUPT_DOCUMENT', 'The PPTX file holds no presentation.');
  const targets = new Map(relationshipsOf(archive, part).map(({ id, target }) => [id, target]));
  const list = find(parseXml(bytes), 'sldIdLst');
  return list === undefined ? [] : childrenOf(list, 'sldId').map((slide) => targets.get(relationshipId(slide) ?? ''));
}

function write(sink: BoundedText, { title, blocks }: ReadSlide, page: number): void {
  if (title === '' && blocks.length === 0) return;
  // A slide without title still begins something new: its text does not belong to the slide before.
  sink.add('heading', title === '' ? `Slide ${page}` : title, { level: 1, page });
  for (const [kind, text, place] of blocks) sink.add(kind, text, place);
}

/**
 * A PowerPoint presentation: each slide a page with its title as heading, hidden slides and notes included. A slide that cannot be
 * read is named in `lostPages`. Throws CORRUPT_DOCUMENT (also when every slide is lost), PASSWORD_PROTECTED, EMPTY_DOCUMENT, PARSE_LIMIT_EXCEEDED.
 */
export function parsePptx(bytes: Uint8Array): ParsedSlides {
  const archive = new ZipArchive(bytes, { name: 'PPTX file', unpackedBytes: mostUnpackedBytes });
  const parts = slideParts(archive);
  const builder = new DocumentBuilder();
  const sink = new BoundedText(builder);
  const lostPages: ParsedText['lostPages'] = [];
  let firstTitle = '';
  for (const [index, part] of parts.entries()) {
    const page = index + 1;
    try {
      const slide = readSlide(archive, part ?? '', page);
      if (page === 1) firstTitle = slide.title;
      write(sink, slide, page);
    } catch (thrown) {
      if (!(thrown instanceof CatalystError) || thrown.code !== 'CORRUPT_DOCUMENT') throw thrown;
      lostPages.push({ page, failure: toFailure(new CatalystError('CORRUPT_DOCUMENT', `Slide ${page} is damaged and was left out.`, { cause: thrown })) });
    }
  }
  if (parts.length > 0 && lostPages.length === parts.length) throw new CatalystError('CORRUPT_DOCUMENT', 'No slide of the presentation can be read.');
  const read = builder.finish();
  if (read.text === '') throw new CatalystError('EMPTY_DOCUMENT', 'The presentation holds no text.');
  return { ...(firstTitle === '' ? {} : { title: firstTitle }), ...packageProperties(archive), ...read, pageCount: parts.length, lostPages };
}
