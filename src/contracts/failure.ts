import { z } from 'zod';
import { errorTable, toCatalystError } from './errors.ts';
import type { ErrorCode } from './errors.ts';

/** A failure as it is kept and shown: plain data, safe to store and to pass through workflows. */
export const failureSchema = z
  .object({
    code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    remedy: z.string(),
    /** How often the step was tried, where it was a step that failed. */
    attempts: z.int().min(1).optional(),
  })
  .meta({ id: 'Failure', description: 'Why a document failed: a stable code, a plain sentence and what to do.' });
export type Failure = z.infer<typeof failureSchema>;

export function toFailure(thrown: unknown): Failure {
  const error = toCatalystError(thrown);
  return { code: error.code, message: error.message, remedy: error.class.remedy };
}
