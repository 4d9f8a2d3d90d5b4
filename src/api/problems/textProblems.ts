import type { FieldProblem } from '../../contracts/errors.ts';
import { pointerTo } from './pointer.ts';

/**
 * Strings that no store can keep: NUL (Postgres refuses it) and halves of surrogate pairs (not encodable as UTF-8).
 * Expects a value of bounded depth, that is, one that a schema has passed. Pointers in `exempt` are left out.
 */
export function textProblemsOf(value: unknown, prefix = '', exempt: ReadonlySet<string> = new Set()): FieldProblem[] {
  if (exempt.has(prefix)) return [];
  if (typeof value === 'string') return isStorable(value) ? [] : [{ pointer: prefix, code: 'invalid_text', detail: 'The text holds a NUL character or half of a surrogate pair.' }];
  if (Array.isArray(value)) return value.flatMap((inner, index) => textProblemsOf(inner, pointerTo(prefix, [index]), exempt));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => textProblemsOf(inner, pointerTo(prefix, [key]), exempt));
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
