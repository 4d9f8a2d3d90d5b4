export const docxMediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const epubMediaType = 'application/epub+zip';
export const emailMediaType = 'message/rfc822';

/** Types that can be parsed. */
export const supportedMediaTypes = ['text/html', 'text/markdown', 'text/plain', 'application/pdf', docxMediaType, epubMediaType, emailMediaType] as const;
export type SupportedMediaType = (typeof supportedMediaTypes)[number];

export function isSupported(mediaType: string): mediaType is SupportedMediaType {
  return (supportedMediaTypes as readonly string[]).includes(mediaType);
}
