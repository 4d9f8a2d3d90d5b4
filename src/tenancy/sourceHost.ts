import type { Source } from '../contracts/documents.ts';

/** The host of a document that came from the web. */
export function sourceHostOf({ type, location }: Source): string | undefined {
  return type === 'url' && URL.canParse(location) ? new URL(location).hostname : undefined;
}
