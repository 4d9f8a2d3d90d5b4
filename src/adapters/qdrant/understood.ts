import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';

/** The answer in the expected shape. Throws INDEX_REJECTED where another server, or another version, answers otherwise. */
export function understood<Schema extends z.ZodType>(schema: Schema, answer: unknown, operation: string): z.output<Schema> {
  const outcome = schema.safeParse(answer);
  if (outcome.success) return outcome.data;
  throw new CatalystError('INDEX_REJECTED', `Qdrant answers in another shape than expected (${operation}): ${z.prettifyError(outcome.error)}`);
}
