import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { Block, ParsedText } from '../../contracts/parsed.ts';
import { packageProperties } from '../ooxml/properties.ts';
import { BoundedText } from '../tables/boundedText.ts';
import type { BlockSink } from '../tables/boundedText.ts';
import { SheetText } from '../tables/sheetText.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { ZipArchive } from '../zip/openZip.ts';
import { readMergedCells } from './mergedCells.ts';
import { SheetRows } from './sheetRows.ts';
import { openWorkbook } from './workbook.ts';
import type { Sheet, Workbook } from './workbook.ts';

/** Bytes that a workbook may unpack to. Sheets are read as streams, so this bounds time rather than memory. */
const mostUnpackedBytes = 512 * 1024 * 1024;

/** Writes the name of the sheet before the first thing in it: an empty sheet leaves no heading behind. */
function headed(sink: BlockSink, name: string): BlockSink {
  let isNamed = false;
  return {
    add(kind, text, place) {
      if (!isNamed) sink.add('heading', name, { level: 1 });
      isNamed = true;
      sink.add(kind, text, place);
    },
  };
}

async function readSheet(archive: ZipArchive, workbook: Workbook, { name, part }: Sheet, sink: BlockSink): Promise<void> {
  if (part === undefined || !archive.has(part)) throw new CatalystError('CORRUPT_DOCUMENT', 'The sheet is missing.');
  const merged = await readMergedCells(archive, part);
  const sheet = new SheetText(headed(sink, name), { captionLevel: 2, sideBySide: true });
  const rows = new SheetRows(workbook, (index, cells) => { sheet.add(index, merged.complete(index, cells)); });
  const reader = rows.reader();
  try {
    for await (const piece of archive.stream(part)) reader.write(piece);
    reader.end();
  } finally {
    sheet.end();
  }
}

/**
 * An Excel workbook: each sheet a heading, its tables as groups of rows that repeat the header; hidden sheets are read like others.
 * A sheet that cannot be read to its end is named in `lostPages` by its number. Throws CORRUPT_DOCUMENT, PASSWORD_PROTECTED, PARSE_LIMIT_EXCEEDED.
 */
export async function parseWorkbook(bytes: Uint8Array): Promise<{ title?: string; language?: string; text: string; blocks: Block[]; lostPages: ParsedText['lostPages'] }> {
  const archive = new ZipArchive(bytes, { name: 'XLSX file', unpackedBytes: mostUnpackedBytes });
  const workbook = await openWorkbook(archive);
  const builder = new DocumentBuilder();
  const sink = new BoundedText(builder);
  const lostPages: ParsedText['lostPages'] = [];
  for (const [index, sheet] of workbook.sheets.entries()) {
    try {
      await readSheet(archive, workbook, sheet, sink);
    } catch (thrown) {
      if (!(thrown instanceof CatalystError) || thrown.code !== 'CORRUPT_DOCUMENT') throw thrown;
      lostPages.push({ page: index + 1, failure: toFailure(new CatalystError('CORRUPT_DOCUMENT', `Sheet ${index + 1} (“${sheet.name}”) is damaged and was not read to its end.`, { cause: thrown })) });
    }
  }
  const read = builder.finish();
  if (read.text === '' && lostPages.length > 0) throw new CatalystError('CORRUPT_DOCUMENT', 'No sheet of the workbook can be read.');
  return { ...packageProperties(archive), ...read, lostPages };
}
