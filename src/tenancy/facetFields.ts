import { codeSystemNames } from '../contracts/codes/codeSystems.ts';
import type { FacetCount, FacetName } from '../contracts/facets.ts';
import { codesField, indexFields } from './indexFields.ts';
import { metadataValueOf } from './metadataTerms.ts';

/** What the index has to count for a facet, and how what it counted reads. */
export interface FacetField {
  readonly key: FacetKey;
  /** Values asked of the index. */
  readonly limit: number;
  /** Undefined for what is counted in the same field and belongs to another facet. */
  valueOf(stored: string): FacetCount['value'] | undefined;
}

/** The only fields that may be counted. */
export type FacetKey = (typeof fields)[keyof typeof fields] | ReturnType<typeof codesField> | typeof indexFields.metadataTerms;

const fields = {
  tags: indexFields.tags,
  language: indexFields.languages,
  tier: indexFields.tier,
  'source.type': indexFields.sourceType,
  'source.host': indexFields.sourceHost,
} as const;

/**
 * The terms of all keys of the metadata are counted together, the most frequent first: the values of one key among them are its
 * most frequent, and complete up to the least frequent term that is still counted.
 */
const mostMetadataTerms = 5000;

export function facetField(name: FacetName, limit: number): FacetField {
  if (name in fields) return { key: fields[name as keyof typeof fields], limit, valueOf: (stored) => stored };
  const system = codeSystemNames.find((each) => name === `codes.${each}`);
  if (system !== undefined) return { key: codesField(system), limit, valueOf: (stored) => stored };
  const metadataKey = name.slice('metadata.'.length);
  return { key: indexFields.metadataTerms, limit: mostMetadataTerms, valueOf: (term) => metadataValueOf(metadataKey, term) };
}
