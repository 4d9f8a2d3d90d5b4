import type { CatalystError } from '../../contracts/errors.ts';
import type { Problem } from '../../contracts/problem.ts';

export const problemMediaType = 'application/problem+json';

/** What the caller may know of a failure. The message of an unexpected one stays inside: it may hold anything. */
export function problemOf(error: CatalystError, requestId: string, instance: string): Problem {
  return {
    type: `/docs/errors#${error.code}`,
    title: error.class.title,
    status: error.class.status,
    detail: error.code === 'INTERNAL' ? 'The request failed unexpectedly; the request id leads to the cause in the logs.' : error.message,
    instance,
    code: error.code,
    remedy: error.class.remedy,
    requestId,
    ...(error.problems.length === 0 ? {} : { errors: [...error.problems] }),
  };
}
