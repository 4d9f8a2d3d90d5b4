import type { Principal } from '../contracts/principal.ts';
import { chunkFilter } from './chunkFilter.ts';
import type { indexFields } from './indexFields.ts';
import type { IndexFilter } from './indexFilter.ts';

type WordField = typeof indexFields.words | typeof indexFields.labels;

/** Chunks the caller may read that list, for each of these beginnings, a word that begins so. */
export function beginningsFilter(principal: Principal, field: WordField, beginnings: readonly string[]): IndexFilter {
  const { must, must_not } = chunkFilter(principal, {});
  return { must: [...must, ...beginnings.map((prefix) => ({ key: field, match: { prefix } }))], must_not };
}
