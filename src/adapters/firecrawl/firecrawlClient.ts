import { Agent, request } from 'undici';
import { CatalystError } from '../../contracts/errors.ts';
import { retryAfterInText, retryAfterMs } from '../shared/retryAfter.ts';

export interface FirecrawlAccess {
  /** Needed for the cloud; a self-hosted server may do without. */
  readonly apiKey?: string | undefined;
  /** The cloud when absent. */
  readonly apiUrl?: string | undefined;
}

export interface FirecrawlRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v2/`, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** A UUID: the service refuses every other text. */
  readonly idempotencyKey?: string;
  /** Aborts with a CatalystError as its reason, which is then thrown. */
  readonly signal: AbortSignal;
}

export interface FirecrawlAnswer {
  readonly status: number;
  /** Parsed JSON; the beginning of the text where it is none. */
  readonly body: unknown;
  /** From the header, from the details, or from the text: the service names it in one of the three. */
  readonly retryAfterMs: number | undefined;
}

/**
 * One request, one attempt: whoever calls decides what is tried again, because a start that is sent twice is two crawls.
 * Throws FETCHER_UNAVAILABLE where no whole answer came, DOCUMENT_TOO_LARGE, and the reason of the signal.
 */
export interface FirecrawlClient {
  send(request: FirecrawlRequest): Promise<FirecrawlAnswer>;
  close(): Promise<void>;
}

const cloudUrl = 'https://api.firecrawl.dev';

export function createFirecrawlClient(access: FirecrawlAccess, maximumBytes: number): FirecrawlClient {
  const base = `${(access.apiUrl ?? cloudUrl).replace(/\/+$/, '')}/v2/`;
  // Time is bounded by the signals of the callers: a scrape may answer after minutes.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  return {
    async send({ method, path, body, idempotencyKey, signal }) {
      try {
        const answer = await request(base + path, {
          method,
          dispatcher,
          signal,
          headers: {
            accept: 'application/json',
            ...(access.apiKey === undefined ? {} : { authorization: `Bearer ${access.apiKey}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(idempotencyKey === undefined ? {} : { 'x-idempotency-key': idempotencyKey }),
          },
          body: body === undefined ? null : JSON.stringify(body),
        });
        const content = parse(await readText(answer.body, maximumBytes));
        const header = answer.headers['retry-after'];
        return { status: answer.statusCode, body: content, retryAfterMs: waitOf(Array.isArray(header) ? header[0] : header, content) };
      } catch (error) {
        if (signal.aborted && signal.reason instanceof CatalystError) throw signal.reason;
        if (error instanceof CatalystError) throw error;
        throw new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl does not answer (${method} ${withoutQuery(path)}): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

async function readText(body: AsyncIterable<Uint8Array>, maximumBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of body) {
    total += part.byteLength;
    if (total > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `Firecrawl answers more than ${maximumBytes} bytes at once.`);
    parts.push(part);
  }
  return Buffer.concat(parts, total).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A gateway's page, say: kept for the reader of the failure.
    return text.slice(0, 300);
  }
}

function waitOf(header: string | undefined, body: unknown): number | undefined {
  const inHeader = retryAfterMs(header);
  if (inHeader !== undefined) return inHeader;
  const { details, error } = (typeof body === 'object' && body !== null ? body : {}) as { readonly details?: { readonly retryAfterSeconds?: unknown } | null; readonly error?: unknown };
  const seconds = typeof details === 'object' ? details?.retryAfterSeconds : undefined;
  if (typeof seconds === 'number') return retryAfterMs(String(seconds));
  return typeof error === 'string' ? retryAfterInText(error) : undefined;
}

const withoutQuery = (path: string): string => path.split('?', 1)[0] ?? path;
