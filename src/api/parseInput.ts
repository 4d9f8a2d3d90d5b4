import type { Request } from 'express';
import type { z } from 'zod';
import { CatalystError } from '../contracts/errors.ts';
import type { FieldProblem } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import { problemsOf } from './problems/issueProblems.ts';
import { textProblemsOf } from './problems/textProblems.ts';
import { contextOf } from './requestContext.ts';

/** The input as the schema makes it. Throws INVALID_REQUEST that names each field; pointers start with `prefix`. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, prefix = ''): z.output<Schema> {
  const parsed = parseShape(schema, input, prefix);
  const problems = textProblemsOf(parsed, prefix);
  if (problems.length > 0) throw invalidRequest(problems);
  return parsed;
}

/** As `parseInput`, without a look at the texts: for inputs whose parts are read further. */
export function parseShape<Schema extends z.ZodType>(schema: Schema, input: unknown, prefix = ''): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw invalidRequest(problemsOf(parsed.error, input, prefix));
  return parsed.data;
}

export function invalidRequest(problems: readonly FieldProblem[]): CatalystError {
  const [first] = problems;
  const where = first === undefined || first.pointer === '' ? 'The request' : first.pointer;
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new CatalystError('INVALID_REQUEST', `${where}: ${first?.detail ?? 'does not fit the schema.'}${others}`, { problems });
}

/** Throws UNAUTHENTICATED where a route outside /v1 asks; nothing below it is reached without a principal. */
export function principalOfRequest(request: Request): Principal {
  const { principal } = contextOf(request);
  if (principal === undefined) throw new CatalystError('UNAUTHENTICATED', 'The request has no verified token.');
  return principal;
}
