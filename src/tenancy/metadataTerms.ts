import type { Metadata } from '../contracts/documents.ts';
import { digestOf } from '../contracts/identifiers.ts';

/** Longer terms are replaced by their digest: the index needs equality only. */
const maximumTermLength = 120;

/** The terms by which metadata is found: one for each value, so that one payload index serves every key a caller may choose. */
export function metadataTerms(metadata: Metadata): string[] {
  return Object.entries(metadata).flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((single) => metadataTerm(key, single)));
}

/** Key, type and value in one string. A key holds no "=", so that no two pairs give the same term; "1" and 1 differ. */
export function metadataTerm(key: string, value: string | number | boolean): string {
  const term = `${key}=${JSON.stringify(value)}`;
  return term.length <= maximumTermLength ? term : `${key}=${digestOf(term)}`;
}
