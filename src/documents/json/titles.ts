import { inlineText } from '../text/normalise.ts';
import { isRecord } from './leaves.ts';

/** Fields that name what a record is about, best first. */
const titleFields = ['title', 'name', 'headline', 'subject', 'label', 'displayName', 'display_name', 'fullName', 'full_name', 'question', 'heading', 'summary'];
const longestTitle = 200;

/** The title of a record, by the field that usually holds it. */
export function titleOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const keys = new Map(Object.keys(value).map((key) => [key.toLowerCase(), key]));
  for (const field of titleFields) {
    const found = value[keys.get(field.toLowerCase()) ?? ''];
    const text = typeof found === 'string' ? inlineText(found) : '';
    if (text !== '' && text.length <= longestTitle) return text;
  }
  return undefined;
}
