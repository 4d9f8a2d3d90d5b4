import { CatalystError } from '../../contracts/errors.ts';
import { mainPart, relationshipsOf } from '../ooxml/relationships.ts';
import { childrenOf, find, parseXml, relationshipId } from '../ooxml/xmlTree.ts';
import type { ZipArchive } from '../zip/openZip.ts';
import { readNumberFormats } from './numberFormats.ts';
import type { NumberFormats } from './numberFormats.ts';
import { readSharedStrings } from './sharedStrings.ts';

export interface Sheet {
  readonly name: string;
  readonly part: string | undefined;
}

/** What all sheets of a workbook share. */
export interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly strings: readonly string[];
  readonly formats: NumberFormats;
}

/** Sheets in the order of their tabs, with the texts and formats that cells refer to. */
export async function openWorkbook(archive: ZipArchive): Promise<Workbook> {
  const part = mainPart(archive, 'xl/workbook.xml');
  const bytes = archive.read(part);
  if (bytes === undefined) throw new CatalystError('CORRUPT_DOCUMENT', 'The XLSX file holds no workbook.');
  const workbook = parseXml(bytes);
  const relationships = relationshipsOf(archive, part);
  const targetOf = (type: string): string | undefined => relationships.find((relationship) => relationship.type === type)?.target;
  const sheets = childrenOf(find(workbook, 'sheets') ?? workbook, 'sheet').map((sheet) => {
    const id = relationshipId(sheet);
    return { name: sheet.attributes['name'] ?? '', part: relationships.find((relationship) => relationship.id === id)?.target };
  });
  const countsFrom1904 = /^(?:1|true|on)$/.test(find(workbook, 'workbookPr')?.attributes['date1904'] ?? '');
  return { sheets, strings: await readSharedStrings(archive, targetOf('sharedStrings')), formats: readNumberFormats(archive, targetOf('styles'), countsFrom1904) };
}
