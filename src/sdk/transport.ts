import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { CatalystApiError, errorFromAnswer, errorFromFetch, invalidAnswer, timeoutError } from './apiError.ts';
import { startInactivityTimer } from './inactivityTimer.ts';
import type { InactivityTimer } from './inactivityTimer.ts';
import { retryDelay } from './retryPolicy.ts';
import type { Repeatable } from './retryPolicy.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The part of `fetch` that is used, so that `globalThis.fetch` is one, and a wrapper around it too. */
export type Fetch = (url: string, options: FetchOptions) => Promise<Response>;
export interface FetchOptions {
  readonly method: Method;
  readonly headers: Record<string, string>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** As `fetch` wants it for a body that is streamed. */
  readonly duplex?: 'half';
  readonly signal: AbortSignal;
}

export interface TransportOptions {
  /** Base address without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch: Fetch;
  /** Most repetitions of one call. */
  readonly retries: number;
  /** Most milliseconds of silence within one call. */
  readonly timeoutMs: number;
}

export interface RequestBody {
  readonly contentType: string;
  readonly content: string | AsyncIterable<Uint8Array>;
}

export interface ApiRequest<Answer> {
  readonly method: Method;
  readonly path: string;
  /** Made anew for every try; `touch` tells that bytes moved. */
  readonly body?: (touch: () => void) => RequestBody;
  readonly repeatable: Repeatable;
  /** The same for all tries. */
  readonly idempotencyKey?: string | undefined;
  readonly schema: z.ZodType<Answer>;
  /** Statuses besides 2xx whose body is an answer, not an error. */
  readonly alsoAnswers?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests to one API: token, retries, time limits, error translation, and validation of what comes back. */
export class Transport {
  private readonly options: TransportOptions;

  constructor(options: TransportOptions) {
    this.options = options;
  }

  /** @throws CatalystApiError, or the reason of `signal` once it is aborted. */
  async send<Answer>(request: ApiRequest<Answer>): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.attempt(request);
      } catch (error) {
        if (!(error instanceof CatalystApiError) || attempt >= this.options.retries) throw error;
        const delay = retryDelay(error, attempt, request.repeatable);
        if (delay === undefined) throw error;
        await sleep(delay, undefined, request.signal === undefined ? {} : { signal: request.signal });
      }
    }
  }

  /** The body of one GET as it comes, once the API has begun to answer it; silence or a broken connection in the middle throws. */
  async download(path: string, signal?: AbortSignal): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
    const timer = startInactivityTimer(this.options.timeoutMs);
    try {
      const { body } = await this.open(path, { accept: '*/*' }, timer, signal);
      return this.bodyOf(body, path, timer, signal);
    } catch (error) {
      timer.stop();
      throw error;
    }
  }

  private async *bodyOf(body: ReadableStream<Uint8Array> | null, path: string, timer: InactivityTimer, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const chunk of body ?? []) {
        timer.touch();
        yield chunk;
        // Whoever reads slowly is not the API's silence.
        timer.touch();
      }
    } catch (error) {
      throw this.translate(error, path, timer, signal);
    } finally {
      timer.stop();
    }
  }

  /** One GET whose body is read as it comes; the caller watches for silence with the timer. No retries. */
  async open(path: string, headers: Record<string, string>, timer: InactivityTimer, signal?: AbortSignal): Promise<Response> {
    const response = await this.fetch(path, { method: 'GET', headers, signal: signalOf(timer, signal) }, timer, signal);
    if (response.ok) return response;
    throw errorFromAnswer(response, await this.readBody(response, path, timer, signal));
  }

  private async attempt<Answer>(request: ApiRequest<Answer>): Promise<Answer> {
    const timer = startInactivityTimer(this.options.timeoutMs);
    try {
      const body = request.body?.(timer.touch);
      const headers = { accept: 'application/json, application/problem+json', ...(body === undefined ? {} : { 'content-type': body.contentType }), ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }) };
      const content = body === undefined ? {} : ({ body: body.content, duplex: 'half' } as const);
      const response = await this.fetch(request.path, { method: request.method, headers, ...content, signal: signalOf(timer, request.signal) }, timer, request.signal);
      const text = await this.readBody(response, request.path, timer, request.signal);
      if (!response.ok && request.alsoAnswers?.includes(response.status) !== true) throw errorFromAnswer(response, text);
      return validated(response, text, request);
    } finally {
      timer.stop();
    }
  }

  private async fetch(path: string, options: FetchOptions, timer: InactivityTimer, signal: AbortSignal | undefined): Promise<Response> {
    const authorization = this.options.token === undefined ? {} : { authorization: `Bearer ${this.options.token}` };
    try {
      return await this.options.fetch(`${this.options.url}${path}`, { ...options, headers: { ...options.headers, ...authorization } });
    } catch (error) {
      throw this.translate(error, path, timer, signal);
    }
  }

  private async readBody(response: Response, path: string, timer: InactivityTimer, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw this.translate(error, path, timer, signal);
    }
  }

  /** Anything thrown while talking to the API: the caller's own abort stays what it is. */
  translate(thrown: unknown, path: string, timer: InactivityTimer, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted === true) return signal.reason;
    if (timer.signal.aborted) return timeoutError(`${this.options.url}${path}`, timer.milliseconds);
    if (thrown instanceof CatalystApiError) return thrown;
    return errorFromFetch(thrown, `${this.options.url}${path}`);
  }
}

function signalOf(timer: InactivityTimer, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
}

function validated<Answer>(response: Response, text: string, request: ApiRequest<Answer>): Answer {
  let value: unknown;
  try {
    value = response.status === 204 ? undefined : JSON.parse(text);
  } catch (error) {
    throw invalidAnswer(response.status, request.path, error instanceof Error ? error.message : String(error));
  }
  const parsed = request.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Of an answer with another meaning (a proxy's error page in JSON), the status says more than the schema.
  if (!response.ok) throw errorFromAnswer(response, text);
  const issue = parsed.error.issues[0];
  throw invalidAnswer(response.status, request.path, issue === undefined ? 'unknown' : `${issue.path.join('.') || 'body'}: ${issue.message}`);
}
