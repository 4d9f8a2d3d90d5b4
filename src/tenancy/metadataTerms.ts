import type { Metadata } from '../contracts/documents.ts';
import { longestPrefix } from '../contracts/filters/metadata.ts';
import { digestOf } from '../contracts/identifiers.ts';

/** Longer terms are replaced by their digest, and the beginning of their text is kept beside it. */
const maximumTermLength = 120;

/** The terms by which metadata is found: one for each value, so that one payload index serves every key a caller may choose. */
export function metadataTerms(metadata: Metadata): string[] {
  return Object.entries(metadata).flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).flatMap((single) => termsOf(key, single)));
}

/** Key, type and value in one string. A key holds no "=", so that no two pairs give the same term; "1" and 1 differ. */
export function metadataTerm(key: string, value: string | number | boolean): string {
  const term = `${key}=${JSON.stringify(value)}`;
  return term.length <= maximumTermLength ? term : `${key}=${digestOf(term)}`;
}

/** What the terms of all texts under the key begin with that begin so themselves. No longer than `longestPrefix`. */
export function metadataPrefix(key: string, beginning: string): string {
  // Without the closing quote, by which every whole term ends: the beginning of a text is never the term of another.
  return `${key}=${JSON.stringify(beginning).slice(0, -1)}`;
}

/** The keys that have a value. */
export function metadataKeys(metadata: Metadata): string[] {
  return Object.keys(metadata).filter((key) => !(Array.isArray(metadata[key]) && metadata[key].length === 0));
}

/** The value of a term of the key; undefined where the term is another key's, or not a whole one. */
export function metadataValueOf(key: string, term: string): string | number | boolean | undefined {
  if (!term.startsWith(`${key}=`)) return undefined;
  try {
    return JSON.parse(term.slice(key.length + 1)) as string | number | boolean;
  } catch {
    return undefined;
  }
}

function termsOf(key: string, value: string | number | boolean): string[] {
  const term = metadataTerm(key, value);
  const isShortened = typeof value === 'string' && term.startsWith(`${key}=sha256:`);
  return isShortened ? [term, metadataPrefix(key, value.slice(0, longestPrefix))] : [term];
}
