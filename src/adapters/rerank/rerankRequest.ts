import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { parsedJson } from '../../contracts/parsedJson.ts';
import { reasonOf } from '../shared/reasonOf.ts';
import { retryAfterOption } from '../shared/retryAfter.ts';

export interface RerankEndpoint {
  /** Without the path of the call. */
  readonly baseUrl: string;
  readonly path: 'rerank' | 'chat/completions';
  readonly apiKey: string | undefined;
}

/** Statuses that speak of the content of one request; the other refusals are about key, address or model. */
const statusesOfContent: readonly number[] = [400, 413, 422];

/** A refusal, with what the service says is wrong with it. */
export class RefusedRequest extends CatalystError {
  /** The parameter of the request that the service names, if any. */
  readonly parameter: string | undefined;

  constructor(message: string, status: number, parameter: string | undefined) {
    super(statusesOfContent.includes(status) ? 'RERANKER_REQUEST_REFUSED' : 'RERANKER_REJECTED', message);
    this.parameter = parameter;
  }
}

const text = z.string();
const errorObject = z.object({ message: text, code: z.unknown().optional(), param: z.unknown().optional() });
/** As OpenAI and vLLM, Text Embeddings Inference, Cohere, and Jina write it. */
const failureSchema = z.union([
  z.object({ error: errorObject }).transform(({ error }) => error),
  z.object({ error: text }).transform(({ error }) => ({ message: error })),
  errorObject,
  z.object({ detail: text }).transform(({ detail }) => ({ message: detail })),
]);

/** One call: the answer as parsed JSON. Throws RERANKER_UNAVAILABLE, RERANKER_RATE_LIMITED, RERANKER_REJECTED or RERANKER_REQUEST_REFUSED (as RefusedRequest), RERANKER_MALFORMED. */
export async function postRerank(endpoint: RerankEndpoint, content: object, signal: AbortSignal): Promise<unknown> {
  const { response, body } = await send(endpoint, content, signal);
  if (!response.ok) throw failureOf(endpoint, response, body);
  const answer = parsedJson(body);
  if (answer === undefined) throw new CatalystError('RERANKER_MALFORMED', `${placeOf(endpoint)} answered something that is not JSON.`);
  return answer;
}

export function placeOf({ baseUrl }: Pick<RerankEndpoint, 'baseUrl'>): string {
  return `The reranker at ${new URL(baseUrl).host}`;
}

async function send(endpoint: RerankEndpoint, content: object, signal: AbortSignal): Promise<{ response: Response; body: string }> {
  try {
    const response = await fetch(`${endpoint.baseUrl.replace(/\/+$/, '')}/${endpoint.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...(endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` }) },
      body: JSON.stringify(content),
      signal,
      // The key and the passages go to the configured address, and nowhere else.
      redirect: 'error',
    });
    return { response, body: await response.text() };
  } catch (error) {
    if (error instanceof CatalystError) throw error;
    if (signal.aborted) throw new CatalystError('RERANKER_UNAVAILABLE', `${placeOf(endpoint)} was given up before it had answered.`, { cause: error });
    throw new CatalystError('RERANKER_UNAVAILABLE', `${placeOf(endpoint)} cannot be reached: ${reasonOf(error)}.`, { cause: error });
  }
}

function failureOf(endpoint: RerankEndpoint, response: Response, body: string): CatalystError {
  const { status } = response;
  const said = failureSchema.safeParse(parsedJson(body)).data;
  const message = `${placeOf(endpoint)} answered ${status}${said === undefined ? '' : `: ${said.message.slice(0, 300).replace(/[\s.]+$/, '')}`}.`;
  const wait = retryAfterOption(response.headers.get('retry-after'));
  const { code, param } = { code: undefined, param: undefined, ...said };
  // OpenAI answers 429 for an empty account as well: no waiting helps there.
  if (status === 429 && code !== 'insufficient_quota') return new CatalystError('RERANKER_RATE_LIMITED', message, wait);
  // 424: how Text Embeddings Inference says that the model failed.
  if (status === 408 || status === 424 || status >= 500) return new CatalystError('RERANKER_UNAVAILABLE', message, wait);
  return new RefusedRequest(message, status, typeof param === 'string' ? param : undefined);
}
