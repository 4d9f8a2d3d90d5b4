import { CatalystError } from '../../contracts/errors.ts';

/** An answer of Qdrant that is not a success. */
export interface FailedAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** No answer came: refused, broken off or too late. */
export function unreachable(operation: string, url: string, cause: unknown): CatalystError {
  const reason = cause instanceof Error ? reasonOf(cause) : String(cause);
  return new CatalystError('INDEX_UNAVAILABLE', `Qdrant at ${url} does not answer (${operation}: ${reason}).`, { cause });
}

/** Overload and failures of the server can pass; everything else is a request that it will refuse again. */
export function refused(operation: string, answer: FailedAnswer): CatalystError {
  const detail = `Qdrant answers ${answer.status} (${operation}): ${reasonIn(answer.body)}`;
  const passing = answer.status >= 500 || answer.status === 429 || answer.status === 408;
  // Each model's vectors have a name of their own in what a change of the model makes: who asks for another one comes too late, or too early.
  if (answer.status === 400 && answer.body.includes('Not existing vector name')) return new CatalystError('INDEX_MOVED', detail);
  if (!passing) return new CatalystError('INDEX_REJECTED', detail);
  const retryAfterMs = retryAfterOf(answer.retryAfter, Date.now());
  return new CatalystError('INDEX_UNAVAILABLE', detail, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** Milliseconds of a Retry-After header: seconds or a date. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function reasonOf(error: Error): string {
  if (/Timeout(Error)?$/.test(error.name)) return 'no answer in time';
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return reasonOf(error.errors[0]);
  return error.message;
}

/** Qdrant's errors: {"status": {"error": …}}; something between may answer otherwise. */
function reasonIn(body: string): string {
  try {
    const parsed = JSON.parse(body) as { readonly status?: { readonly error?: unknown } } | null;
    if (typeof parsed?.status?.error === 'string') return parsed.status.error;
  } catch {
    // Not JSON: the text itself is the best there is to show.
  }
  return body.trim().slice(0, 500) || 'no reason given';
}
