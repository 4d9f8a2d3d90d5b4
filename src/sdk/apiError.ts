import { parsedJson } from '../contracts/parsedJson.ts';
import { problemSchema } from '../contracts/problem.ts';
import type { ErrorCode, FieldProblem } from '../contracts/errors.ts';
import { retryAfterOf } from './retryAfter.ts';

/** Failures the client itself names, because no answer of the API could. */
export type ClientErrorCode = 'API_UNREACHABLE' | 'API_TIMEOUT' | 'API_RESPONSE_INVALID' | 'CONTENT_UNREADABLE';
/** Open-ended, because a newer API may name failures that this client does not know. */
export type ApiErrorCode = ErrorCode | ClientErrorCode | (string & {});

export interface ApiErrorFields {
  readonly code: ApiErrorCode;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
  readonly detail: string;
  readonly remedy: string;
  readonly problems?: readonly FieldProblem[];
  readonly requestId?: string | null;
  /** Milliseconds the API asked to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the request surely never reached the API, so that sending it again cannot do it twice. */
  readonly neverArrived?: boolean;
  readonly cause?: unknown;
}

/** Thrown by every call of the client that fails, whatever the reason, except by the caller's own abort. */
export class CatalystApiError extends Error {
  override readonly name = 'CatalystApiError';
  readonly code: ApiErrorCode;
  readonly status: number | null;
  readonly detail: string;
  readonly remedy: string;
  readonly problems: readonly FieldProblem[];
  readonly requestId: string | null;
  readonly retryAfterMs: number | undefined;
  readonly neverArrived: boolean;

  constructor(fields: ApiErrorFields) {
    super(sentenceWithCode(fields.detail, fields.code), fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = fields.code;
    this.status = fields.status;
    this.detail = fields.detail;
    this.remedy = fields.remedy;
    this.problems = fields.problems ?? [];
    this.requestId = fields.requestId ?? null;
    this.retryAfterMs = fields.retryAfterMs;
    this.neverArrived = fields.neverArrived ?? false;
  }
}

/** `The sentence (CODE)`, whether or not the sentence has its full stop. */
export function sentenceWithCode(sentence: string, code: string): string {
  return `${sentence.replace(/\.$/, '')} (${code})`;
}

/** An answer that is not a success: problem details where it holds them, else what a proxy in between said. */
export function errorFromAnswer(response: Response, body: string): CatalystApiError {
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
  const problem = problemSchema.safeParse(parsedJson(body));
  if (problem.success) {
    const { code, detail, remedy, errors, requestId } = problem.data;
    return new CatalystApiError({ code, status: response.status, detail, remedy, problems: errors ?? [], requestId, retryAfterMs });
  }
  const excerpt = body.replace(/\s+/g, ' ').trim().slice(0, 200);
  return new CatalystApiError({
    code: 'API_RESPONSE_INVALID',
    status: response.status,
    detail: `The address answers with status ${response.status}${excerpt === '' ? '' : `: ${excerpt}`}`,
    remedy: 'Check that the address is that of a Catalyst Index API, and any proxy in between.',
    requestId: response.headers.get('x-request-id'),
    retryAfterMs,
  });
}

/** Codes of failures that happen before a byte of the request is sent. */
const connectFailures = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** What `fetch` threw: the API could not be reached, or the connection broke. */
export function errorFromFetch(thrown: unknown, url: string): CatalystApiError {
  const cause: unknown = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  if (cause instanceof CatalystApiError) return cause;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const reason = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new CatalystApiError({
    code: 'API_UNREACHABLE',
    status: null,
    detail: `The API at ${originOf(url)} cannot be reached: ${reason}`,
    remedy: 'Check the address and that the API runs (npm start, or catalyst status).',
    neverArrived: code !== undefined && connectFailures.has(code),
    cause: thrown,
  });
}

export function timeoutError(url: string, timeoutMs: number): CatalystApiError {
  return new CatalystApiError({
    code: 'API_TIMEOUT',
    status: null,
    detail: `The API at ${originOf(url)} did not answer within ${Math.round(timeoutMs / 1000)} s`,
    remedy: 'Try again; if it recurs, see catalyst status for the dependency that is slow.',
  });
}

/** A success whose content does not fit the contract; `what` names the path or event. */
export function invalidAnswer(status: number, what: string, reason: string): CatalystApiError {
  return new CatalystApiError({
    code: 'API_RESPONSE_INVALID',
    status,
    detail: `The answer to ${what} is not what the API promises: ${reason}`,
    remedy: 'Check that client and API are of the same version.',
  });
}

export function unreadableContent(fileName: string, cause: unknown): CatalystApiError {
  return new CatalystApiError({
    code: 'CONTENT_UNREADABLE',
    status: null,
    detail: `${fileName} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'Check that the file exists and may be read by this user.',
    cause,
  });
}

function originOf(url: string): string {
  return new URL(url).origin;
}
