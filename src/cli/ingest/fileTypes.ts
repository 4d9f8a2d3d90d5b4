import { extname } from 'node:path';

/** Types that ingestion reads, by extension; those with a media type may go inline when they are small. */
const mediaTypes = new Map<string, 'text/markdown' | 'text/plain' | 'text/html' | undefined>([
  ['.md', 'text/markdown'],
  ['.markdown', 'text/markdown'],
  ['.mdx', 'text/markdown'],
  ['.txt', 'text/plain'],
  ['.text', 'text/plain'],
  ['.html', 'text/html'],
  ['.htm', 'text/html'],
  ['.xhtml', 'text/html'],
  ['.pdf', undefined],
  ['.docx', undefined],
]);

export const supportedExtensions = [...mediaTypes.keys()];

export function isSupported(path: string): boolean {
  return mediaTypes.has(extname(path).toLowerCase());
}

export function inlineMediaType(path: string): 'text/markdown' | 'text/plain' | 'text/html' | undefined {
  return mediaTypes.get(extname(path).toLowerCase());
}
