import type { CheckedDocument } from './candidate.ts';

/** undefined for a page, whose size is known once it is fetched. */
export function bytesOf(document: CheckedDocument): number | undefined {
  switch (document.type) {
    case 'text':
      return document.content.length;
    case 'upload':
      return document.upload.bytes;
    case 'artifact':
      return document.bytes;
    case 'url':
      return undefined;
  }
}

/** As far as they are known. */
export function knownBytes(documents: readonly CheckedDocument[]): number {
  return documents.reduce((sum, document) => sum + (bytesOf(document) ?? 0), 0);
}
