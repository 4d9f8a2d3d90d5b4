import { fileTypeFromBuffer } from 'file-type';
import { CatalystError } from '../../contracts/errors.ts';
import { decodeText } from './charset.ts';
import { oleType, zipType } from './container.ts';
import { isMail } from './mail.ts';
import { languageOfMediaType } from '../code/languages.ts';
import type { SourceLanguage } from '../code/languages.ts';
import { emailMediaType, isBinaryType, isTextType } from './mediaTypes.ts';
import type { BinaryMediaType, TextMediaType } from './mediaTypes.ts';
import { describeMediaType, mediaTypesByExtension } from './names.ts';
import { textType } from './textType.ts';
import type { TypeHints } from './textType.ts';

/** What the bytes are: text types come decoded. */
export type Detected =
  | { readonly mediaType: TextMediaType; readonly text: string }
  | { readonly mediaType: string; readonly text: string; readonly sourceLanguage: SourceLanguage }
  | { readonly mediaType: BinaryMediaType };

function unsupported(mediaType: string): CatalystError {
  return new CatalystError('UNSUPPORTED_TYPE', `The document is ${describeMediaType(mediaType)}; this type is not supported.`);
}

function startsWith(bytes: Uint8Array, ...signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** PDF readers accept up to a kilobyte of other bytes before the mark. */
function isPdf(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-');
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

async function binaryType(bytes: Uint8Array): Promise<string | undefined> {
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) return oleType(bytes);
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0x50, 0x4b, 0x05, 0x06)) return zipType(bytes);
  try {
    return (await fileTypeFromBuffer(bytes))?.mime;
  } catch {
    // A file that only starts like a known type: what follows decides whether it is text.
    return undefined;
  }
}

/** A declared binary type that the bytes do not bear out: the file is damaged, not of another type. */
function declaredBinary({ mediaType, fileName }: TypeHints): BinaryMediaType | undefined {
  const declared = (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (isBinaryType(declared)) return declared;
  const named = mediaTypesByExtension[/\.([a-z0-9]+)$/i.exec(fileName ?? '')?.[1]?.toLowerCase() ?? ''];
  return named !== undefined && isBinaryType(named) ? named : undefined;
}

/**
 * Tells the type of a document from its content, then from what is declared, then from its name.
 * Throws EMPTY_DOCUMENT, UNSUPPORTED_TYPE, CORRUPT_DOCUMENT, PASSWORD_PROTECTED.
 */
export async function detectDocument(bytes: Uint8Array, hints: TypeHints): Promise<Detected> {
  if (bytes.length === 0) throw new CatalystError('EMPTY_DOCUMENT', 'The document has no bytes.');
  if (isBlank(bytes)) throw new CatalystError('EMPTY_DOCUMENT', 'The document holds white space only.');
  // A message may hold a PDF within its first kilobyte.
  if (isMail(bytes, hints)) return { mediaType: emailMediaType };
  if (isPdf(bytes)) return { mediaType: 'application/pdf' };
  const decoded = decodeText(bytes, hints.mediaType);
  // Signatures of two or three letters also start ordinary words: text is text.
  const type = decoded === undefined ? await binaryType(bytes) : undefined;
  if (type !== undefined && isBinaryType(type)) return { mediaType: type };
  if (type !== undefined) throw unsupported(type);
  const declared = declaredBinary(hints);
  if (decoded === undefined) throw corrupt(declared);
  const mediaType = textType(decoded.text, hints);
  // A page of a web site that was saved under the name of a file is still a page; other text in place of a PDF is no document.
  if (declared !== undefined && mediaType !== 'text/html') throw corrupt(declared);
  if (isTextType(mediaType)) return { mediaType, text: decoded.text };
  const sourceLanguage = languageOfMediaType(mediaType);
  if (sourceLanguage === undefined) throw unsupported(mediaType);
  return { mediaType, text: decoded.text, sourceLanguage };
}

function corrupt(declared: string | undefined): CatalystError {
  const message =
    declared === undefined
      ? 'The bytes are neither a known type of file nor text in a known encoding.'
      : `The file is declared to be ${describeMediaType(declared)} but is not one.`;
  return new CatalystError('CORRUPT_DOCUMENT', message);
}
