import type { z } from 'zod';
import type { FieldProblem } from '../../contracts/errors.ts';
import { pointerTo } from './pointer.ts';

type Issue = z.core.$ZodIssue;

/** Enough to correct a request by; a body of a million unknown fields must not be answered with a million problems. */
const maximumProblems = 50;

/** The issues of a failed parse as problems of fields: plain codes and sentences, unions resolved to what was most likely meant. */
export function problemsOf(error: z.core.$ZodError, input: unknown, prefix = ''): FieldProblem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, input, prefix)).slice(0, maximumProblems);
}

function problemsOfIssue(issue: Issue, input: unknown, prefix: string): FieldProblem[] {
  const pointer = pointerTo(prefix, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ pointer: pointerTo(pointer, [key]), code: 'unknown_field', detail: `There is no field "${key}" here.` }));
    case 'invalid_union':
      return problemsOfUnion(issue, input, prefix, pointer);
    case 'invalid_key':
      return [{ pointer, code: 'invalid_key', detail: `The name of the field is not allowed. ${sentenceOf(issue.issues[0]?.message ?? issue.message)}` }];
    case 'invalid_type':
      if (valueAt(input, issue.path) === undefined) return [{ pointer, code: 'missing_field', detail: `The field is required: ${withArticle(issue.expected)}.` }];
      return [{ pointer, code: 'wrong_type', detail: `Expected ${withArticle(issue.expected)}, got ${kindOf(valueAt(input, issue.path))}.` }];
    default:
      return [{ pointer, code: issue.code === 'custom' ? 'invalid_value' : issue.code, detail: sentenceOf(issue.message) }];
  }
}

/** Where one branch was meant, its own problems say more than "no branch fits". */
function problemsOfUnion(issue: Extract<Issue, { code: 'invalid_union' }>, input: unknown, prefix: string, pointer: string): FieldProblem[] {
  const value = valueAt(input, issue.path);
  if (issue.discriminator !== undefined) return [problemOfKind('options' in issue && Array.isArray(issue.options) ? issue.options : [], value, pointer)];
  const fitting = issue.errors.filter((branch) => branch.every(fitsKind)).sort((left, right) => strangeness(left) - strangeness(right));
  const [closest, second] = fitting;
  // What several branches are as close to is told by the schema, where it has a message of its own.
  if (second !== undefined && closest !== undefined && issue.message !== defaultMessage && (strangeness(closest) === strangeness(second) || strangeness(closest) >= unknownField)) {
    return [{ pointer, code: 'invalid_value', detail: sentenceOf(issue.message) }];
  }
  if (closest !== undefined) return closest.flatMap((inner) => problemsOfIssue({ ...inner, path: [...issue.path, ...inner.path] }, input, prefix));
  const expectation = [...new Set(expectationsOf(issue))].join(' or ');
  if (value === undefined) return [{ pointer, code: 'missing_field', detail: `The field is required: ${expectation}.` }];
  return [{ pointer, code: 'wrong_type', detail: `Expected ${expectation}, got ${kindOf(value)}.` }];
}

/** Of a union whose branches are told apart by a field that says nothing known. */
function problemOfKind(options: readonly unknown[], value: unknown, pointer: string): FieldProblem {
  const known = `one of ${options.map((option) => JSON.stringify(option)).join(', ')}`;
  return value === undefined ? { pointer, code: 'missing_field', detail: `The field is required: ${known}.` } : { pointer, code: 'invalid_value', detail: `Expected ${known}.` };
}

const defaultMessage = 'Invalid input';
const unknownField = 1000;

/** How far a value is from a branch: what it has and the branch does not know counts most, then what is missing or wrong. */
function strangeness(branch: readonly Issue[]): number {
  return branch.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length * unknownField : 1), 0);
}

/** Whether an issue of a branch leaves it open that the branch was meant. */
function fitsKind(issue: Issue): boolean {
  if (issue.path.length > 0) return true;
  if (issue.code === 'invalid_union') return issue.errors.some((branch) => branch.every(fitsKind));
  return issue.code !== 'invalid_type';
}

function expectationsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(expectationsOf);
  return [issue.code === 'invalid_type' ? withArticle(issue.expected) : issue.message];
}

/** The schemas' own messages say what is expected; those of the library are sentences already. */
function sentenceOf(message: string): string {
  return /^[A-Z]/.test(message) ? `${message}.` : `Expected ${message}.`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const segment of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[segment];
  }
  return value;
}

const nounOf: Record<string, string> = { int: 'integer', record: 'object' };

function withArticle(expected: string): string {
  const noun = nounOf[expected] ?? expected;
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return withArticle(typeof value);
}
