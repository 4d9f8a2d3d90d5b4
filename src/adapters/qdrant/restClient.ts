import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { CatalystError } from '../../contracts/errors.ts';
import { refused, unreachable } from './errors.ts';
import type { QdrantConnection } from './options.ts';

export interface RestRequest {
  /** What the request is for, in words, as errors tell it. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface RestClient {
  /** The `result` of Qdrant's answer. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
  result(request: RestRequest): Promise<unknown>;
  /** The whole answer, for the few routes without a `result`; null where the status is among `accepted`. */
  answer(request: RestRequest, accepted?: readonly number[]): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Speaks Qdrant's REST interface over kept-alive connections. Measured against a server that answers two lists of 100 hits
 * at once: 0.15 ms a request here, 2.0 ms through @qdrant/js-client-rest (fetch), which a search would pay twice.
 */
export function createRestClient(connection: QdrantConnection): RestClient {
  const { origin, pathname } = new URL(connection.url);
  const prefix = pathname.replace(/\/$/, '');
  const { requestTimeoutMs } = connection;
  const pool = new Pool(origin, { connections: connection.connections ?? 32, connect: { timeout: requestTimeoutMs }, headersTimeout: requestTimeoutMs, bodyTimeout: requestTimeoutMs });
  const headers = { 'content-type': 'application/json', ...(connection.apiKey === undefined ? {} : { 'api-key': connection.apiKey }) };

  const dispatch = async (request: RestRequest): Promise<{ response: Dispatcher.ResponseData; text: string }> => {
    const response = await pool.request({ method: request.method, path: prefix + request.path, headers, body: request.body ?? null, ...(request.signal === undefined ? {} : { signal: request.signal }) });
    return { response, text: await response.body.text() };
  };

  const send = async (request: RestRequest): Promise<{ response: Dispatcher.ResponseData; text: string }> => {
    try {
      return await dispatch(request).catch((thrown: unknown) => {
        // A kept-alive connection that the server closed meanwhile. Every request of the product may be sent twice.
        if (isClosedConnection(thrown)) return dispatch(request);
        throw thrown;
      });
    } catch (thrown) {
      throw unreachable(request.operation, origin, thrown);
    }
  };

  const answer = async (request: RestRequest, accepted: readonly number[] = []): Promise<unknown> => {
    const { response, text } = await send(request);
    if (accepted.includes(response.statusCode)) return null;
    if (response.statusCode >= 300) {
      const header = response.headers['retry-after'];
      throw refused(request.operation, { status: response.statusCode, retryAfter: Array.isArray(header) ? header[0] : header, body: text });
    }
    return parsed(request.operation, text);
  };

  return {
    answer,
    async result(request) {
      const body = await answer(request);
      if (typeof body !== 'object' || body === null || !('result' in body)) throw notQdrant(request.operation);
      return body.result;
    },
    close: () => pool.close(),
  };
}

function parsed(operation: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notQdrant(operation);
  }
}

function notQdrant(operation: string): CatalystError {
  return new CatalystError('INDEX_REJECTED', `The server at the address of Qdrant does not answer as Qdrant does (${operation}).`);
}

function isClosedConnection(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !('code' in thrown)) return false;
  return thrown.code === 'UND_ERR_SOCKET' || thrown.code === 'ECONNRESET' || thrown.code === 'EPIPE';
}
