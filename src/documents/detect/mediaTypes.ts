export const docxMediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const epubMediaType = 'application/epub+zip';
export const emailMediaType = 'message/rfc822';

export const pptxMediaType = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
export const xlsxMediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const jsonLinesMediaType = 'application/x-ndjson';

/** Types of text that can be parsed, beside source code, which has a type for each language. */
export const textMediaTypes = ['text/html', 'text/markdown', 'text/plain', 'text/csv', 'text/tab-separated-values', 'application/json', jsonLinesMediaType] as const;
export type TextMediaType = (typeof textMediaTypes)[number];

/** Other types that can be parsed; their parsers take bytes. */
export const binaryMediaTypes = ['application/pdf', docxMediaType, pptxMediaType, xlsxMediaType, epubMediaType, emailMediaType] as const;
export type BinaryMediaType = (typeof binaryMediaTypes)[number];

export function isTextType(mediaType: string): mediaType is TextMediaType {
  return (textMediaTypes as readonly string[]).includes(mediaType);
}

export function isBinaryType(mediaType: string): mediaType is BinaryMediaType {
  return (binaryMediaTypes as readonly string[]).includes(mediaType);
}
