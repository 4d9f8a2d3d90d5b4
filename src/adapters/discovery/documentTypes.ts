import { isBinaryType, isTextType } from '../../documents/detect/mediaTypes.ts';
import { mediaTypesByExtension } from '../../documents/detect/names.ts';

const htmlTypes = new Set(['text/html', 'application/xhtml+xml']);
/** What servers say who do not know; the name of the file, or its content, tells more. */
const unknownTypes = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'application/x-download', 'application/force-download']);
/** Documents that cannot be parsed: better a document that failed, with the reason, than none. */
const otherDocuments = /^(?:application\/(?:msword|rtf|vnd\.ms-(?:excel|powerpoint|word)[\w.-]*|vnd\.oasis\.opendocument\.[\w-]+)|text\/(?:rtf|x-markdown))$/;

export function bareType(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Whether something that a page links to may be a document: by its media type, else by the extension of its name. */
export function mayBeDocument(mediaType: string, extension: string): boolean {
  const type = bareType(mediaType);
  if (!unknownTypes.has(type)) return isDocumentType(type);
  const named = mediaTypesByExtension[extension];
  return named === undefined ? extension === '' : isDocumentType(named);
}

function isDocumentType(type: string): boolean {
  return htmlTypes.has(type) || isTextType(type) || isBinaryType(type) || otherDocuments.test(type);
}

/** Whether to look for links: HTML by its type, or by its look where the server names none. */
export function isHtml(mediaType: string, bytes: Uint8Array): boolean {
  const type = bareType(mediaType);
  if (!unknownTypes.has(type)) return htmlTypes.has(type);
  return /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1'));
}
