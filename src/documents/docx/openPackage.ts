import { Unzip, UnzipInflate } from 'fflate';
import { CatalystError } from '../../contracts/errors.ts';
import { listZip } from '../detect/zip.ts';

/** Parts of the package by name: the texts, not the pictures. */
export type PackageParts = Readonly<Record<string, Uint8Array>>;

/** Bytes that all texts of a document may unpack to; the longest books stay far below, and their tree takes many times as much memory. */
const mostUnpackedBytes = 64 * 1024 * 1024;
const mostEntries = 20_000;
/** Bytes that are fed to the unpacker at once: small input, bounded output between two checks. */
const stepBytes = 64 * 1024;

const textPart = /\.(?:xml|rels)$/i;

function tooLarge(): CatalystError {
  return new CatalystError('PARSE_LIMIT_EXCEEDED', `The document unpacks to more than ${mostUnpackedBytes / 1024 / 1024} MB.`);
}

function checkDirectory(bytes: Uint8Array): void {
  const entries = listZip(bytes);
  if (entries === undefined) throw new CatalystError('CORRUPT_DOCUMENT', 'The DOCX file is cut off or damaged.');
  if (entries.some(({ encrypted }) => encrypted)) throw new CatalystError('PASSWORD_PROTECTED', 'The DOCX file is protected by a password.');
  const size = entries.filter(({ name }) => textPart.test(name)).reduce((sum, entry) => sum + entry.size, 0);
  if (size > mostUnpackedBytes || entries.length > mostEntries) throw tooLarge();
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Unpacks the text parts, counting what really comes out: the sizes that a file states may be lies. */
export function openPackage(bytes: Uint8Array): PackageParts {
  checkDirectory(bytes);
  const parts: Record<string, Uint8Array> = {};
  let unpacked = 0;
  const unzip = new Unzip((file) => {
    if (!textPart.test(file.name)) return;
    const pieces: Uint8Array[] = [];
    file.ondata = (error, piece, final) => {
      if (error !== null) throw error;
      unpacked += piece.length;
      if (unpacked > mostUnpackedBytes) throw tooLarge();
      pieces.push(piece);
      if (final) parts[file.name] = joined(pieces);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += stepBytes) unzip.push(bytes.subarray(at, at + stepBytes), at + stepBytes >= bytes.length);
  } catch (thrown) {
    if (thrown instanceof CatalystError) throw thrown;
    throw new CatalystError('CORRUPT_DOCUMENT', 'The DOCX file is damaged and cannot be unpacked.', { cause: thrown });
  }
  return parts;
}
