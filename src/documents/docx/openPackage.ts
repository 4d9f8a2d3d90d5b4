import { CatalystError } from '../../contracts/errors.ts';
import { ZipArchive } from '../zip/openZip.ts';

/** Parts of the package by name: the texts, not the pictures. */
export type PackageParts = Readonly<Record<string, Uint8Array>>;

/** Bytes that all texts of a document may unpack to; the longest books stay far below, and their tree takes many times as much memory. */
const mostUnpackedBytes = 64 * 1024 * 1024;

/** Data that others attached (customXml) is no text of the document. */
const textPart = /^(?!customXml\/).*\.(?:xml|rels)$/i;
const doctype = /<!DOCTYPE/i;

/** Unpacks the text parts. Office never writes document types, whose entities could grow without measure. */
export function openPackage(bytes: Uint8Array): PackageParts {
  const archive = new ZipArchive(bytes, { name: 'DOCX file', unpackedBytes: mostUnpackedBytes });
  const parts: Record<string, Uint8Array> = {};
  for (const name of archive.names) {
    const part = textPart.test(name) ? archive.read(name) : undefined;
    if (part === undefined) continue;
    if (doctype.test(new TextDecoder('latin1').decode(part.subarray(0, 4096)))) throw new CatalystError('CORRUPT_DOCUMENT', 'The DOCX file declares entities of its own and is refused.');
    parts[name] = part;
  }
  return parts;
}
