import { CatalystError } from '../../contracts/errors.ts';
import { docxMediaType, pptxMediaType, xlsxMediaType } from './mediaTypes.ts';
import { listZip } from './zip.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** Streams whose names tell what an OLE container (the format of Office before 2007) holds. */
const oleStreams: readonly (readonly [string, string])[] = [
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
];

/** Type of an OLE container. An Office file that is protected by a password is wrapped in one: throws PASSWORD_PROTECTED. */
export function oleType(bytes: Uint8Array): string {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (content.includes(utf16('EncryptedPackage'))) throw new CatalystError('PASSWORD_PROTECTED', 'The Office document is protected by a password.');
  return oleStreams.find(([stream]) => content.includes(utf16(stream)))?.[1] ?? 'application/x-cfb';
}

const zipTypes: readonly (readonly [RegExp, string])[] = [
  [/^word\/document\d*\.xml$/, docxMediaType],
  [/^ppt\/presentation\.xml$/, pptxMediaType],
  [/^xl\/workbook\.xml$/, xlsxMediaType],
  [/^xl\/workbook\.bin$/, 'application/vnd.ms-excel.sheet.binary.macroenabled.12'],
  [/^META-INF\/container\.xml$/, 'application/epub+zip'],
];

/** Type of a zip file by what it holds. Throws CORRUPT_DOCUMENT when its directory cannot be read. */
export function zipType(bytes: Uint8Array): string {
  const entries = listZip(bytes);
  if (entries === undefined) throw new CatalystError('CORRUPT_DOCUMENT', 'The file is a ZIP container (DOCX or the like) that is cut off or damaged.');
  for (const [pattern, type] of zipTypes) if (entries.some(({ name }) => pattern.test(name))) return type;
  const declared = /^mimetype(application\/[\w.+-]+)/.exec(new TextDecoder('latin1').decode(bytes.subarray(30, 130)))?.[1];
  return declared?.replace(/PK$/, '') ?? 'application/zip';
}
