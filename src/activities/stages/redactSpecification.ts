import type { Metadata } from '../../contracts/documents.ts';
import type { PersonalDataKind } from '../../contracts/personalData.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import { findPersonalData } from '../../privacy/findPersonalData.ts';
import { markOf, redactText } from '../../privacy/redact.ts';
import type { Mark } from '../../privacy/redact.ts';

/** What the caller said of a document, as it is indexed: title and values of metadata without personal data, by what they are and by their names. */
export function redactSpecification(specification: DocumentSpecification, kinds: readonly PersonalDataKind[] = [], markFor: Mark = markOf): DocumentSpecification {
  if (kinds.length === 0) return specification;
  const { title, metadata } = specification;
  return { ...specification, ...(title === undefined ? {} : { title: redactText(title, kinds, markFor) }), metadata: redactMetadata(metadata, kinds, markFor) };
}

function redactMetadata(metadata: Metadata, kinds: readonly PersonalDataKind[], markFor: Mark): Metadata {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, redactValue(key, value, kinds, markFor)]));
}

type Value = Metadata[string];

function redactValue(key: string, value: Value, kinds: readonly PersonalDataKind[], markFor: Mark): Value {
  if (kinds.includes('field') && isNamedField(key)) return markFor('field', typeof value === 'string' ? value : JSON.stringify(value));
  if (typeof value === 'string') return redactText(value, kinds, markFor);
  return Array.isArray(value) ? value.map((single) => (typeof single === 'string' ? redactText(single, kinds, markFor) : single)) : value;
}

/** Keys are written as one word: "dateOfBirth", "date_of_birth". */
function isNamedField(key: string): boolean {
  const words = key.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ').toLowerCase();
  return findPersonalData(`${words}: value`, ['field']).length > 0;
}
