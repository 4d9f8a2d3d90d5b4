import { CatalystError } from '../contracts/errors.ts';
import { metadataKeyPattern } from '../contracts/documents.ts';
import type { MetadataCondition } from '../contracts/filters/metadata.ts';
import type { SearchFilters } from '../contracts/search.ts';
import { dateBounds } from './dateBounds.ts';
import { indexFields } from './indexFields.ts';
import type { IndexCondition, NumberRange } from './indexFilter.ts';
import { metadataPrefix, metadataTerm } from './metadataTerms.ts';

type Wanted = NonNullable<SearchFilters['metadata']>[string];
type Scalar = string | number | boolean;

/** What a filter wants of one key, as one condition. Throws INVALID_REQUEST for a key that no document can have. */
export function metadataCondition(key: string, wanted: Wanted, pointer: string): IndexCondition {
  if (!metadataKeyPattern.test(key)) throw impossibleKey(key, pointer);
  if (Array.isArray(wanted)) return anyOf(key, wanted);
  if (typeof wanted !== 'object') return { key: indexFields.metadataTerms, match: { value: metadataTerm(key, wanted) } };
  const must = wantedConditions(key, wanted);
  const must_not = unwantedConditions(key, wanted);
  const [only] = must;
  return only !== undefined && must.length === 1 && must_not.length === 0 ? only : { must, must_not };
}

function wantedConditions(key: string, { any, exists, prefix, from, to, gt, gte, lt, lte }: MetadataCondition): IndexCondition[] {
  const field = `${indexFields.metadata}.${key}`;
  const numbers: NumberRange = Object.fromEntries(Object.entries({ gt, gte, lt, lte }).filter(([, bound]) => bound !== undefined));
  return [
    ...(any === undefined ? [] : [anyOf(key, any)]),
    ...(exists === true ? [hasKey(key)] : []),
    ...(prefix === undefined ? [] : [{ key: indexFields.metadataTerms, match: { prefix: metadataPrefix(key, prefix) } }]),
    ...(Object.keys(numbers).length === 0 ? [] : [{ key: field, range: numbers }]),
    ...(from === undefined && to === undefined ? [] : [{ key: field, range: dateBounds({ from, to }) }]),
  ];
}

function unwantedConditions(key: string, { exists, not }: MetadataCondition): IndexCondition[] {
  return [...(exists === false ? [hasKey(key)] : []), ...(not === undefined ? [] : [anyOf(key, Array.isArray(not) ? not : [not])])];
}

function anyOf(key: string, values: readonly Scalar[]): IndexCondition {
  return { key: indexFields.metadataTerms, match: { any: values.map((value) => metadataTerm(key, value)) } };
}

function hasKey(key: string): IndexCondition {
  return { key: indexFields.metadataKeys, match: { value: key } };
}

function impossibleKey(key: string, pointer: string): CatalystError {
  return new CatalystError('INVALID_REQUEST', `The filter names the metadata key ${JSON.stringify(key)}, which no document can have.`, {
    problems: [{ pointer: `${pointer}/metadata/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, code: 'invalid_key', detail: 'not a metadata key: a letter, then letters, digits, "_" or "-"' }],
  });
}
