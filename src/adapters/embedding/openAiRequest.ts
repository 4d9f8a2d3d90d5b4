import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { parsedJson } from '../../contracts/parsedJson.ts';
import { reasonOf } from '../shared/reasonOf.ts';
import { retryAfterOption } from '../shared/retryAfter.ts';

export interface EmbeddingsEndpoint {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly timeoutMs: number;
}

const responseSchema = z.object({ data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()) })) });
const errorSchema = z.object({
  error: z.union([z.string().transform((message) => ({ message, code: undefined })), z.object({ message: z.string(), code: z.unknown().optional() })]),
});

/** One request: the vectors in the order of the texts. Throws EMBEDDER_UNAVAILABLE, EMBEDDER_RATE_LIMITED or EMBEDDER_REJECTED. */
export async function requestEmbeddings(endpoint: EmbeddingsEndpoint, texts: readonly string[], signal: AbortSignal): Promise<(readonly number[])[]> {
  const { response, body } = await post(endpoint, texts, AbortSignal.any([signal, AbortSignal.timeout(endpoint.timeoutMs)]));
  if (!response.ok) throw translateStatus(endpoint, response, body);
  const parsed = responseSchema.safeParse(parsedJson(body));
  if (!parsed.success) {
    throw new CatalystError('EMBEDDER_REJECTED', `${place(endpoint)} answered something that is not an embeddings response: ${z.prettifyError(parsed.error)}`);
  }
  const vectors: (readonly number[])[] = [];
  for (const { index, embedding } of parsed.data.data) vectors[index] = embedding;
  const complete = texts.every((_text, index) => vectors[index] !== undefined) && vectors.length === texts.length;
  if (!complete || parsed.data.data.length !== texts.length) {
    throw new CatalystError('EMBEDDER_REJECTED', `${place(endpoint)} answered ${parsed.data.data.length} vectors with indexes that do not fit the ${texts.length} texts.`);
  }
  return vectors;
}

async function post(endpoint: EmbeddingsEndpoint, texts: readonly string[], signal: AbortSignal): Promise<{ response: Response; body: string }> {
  try {
    const response = await fetch(`${endpoint.baseUrl.replace(/\/+$/, '')}/embeddings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` }) },
      body: JSON.stringify({ model: endpoint.model, input: texts, encoding_format: 'float' }),
      signal,
      redirect: 'error',
    });
    return { response, body: await response.text() };
  } catch (error) {
    if (error instanceof CatalystError) throw error;
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const why = timedOut ? `did not answer within ${endpoint.timeoutMs} ms` : `cannot be reached: ${reasonOf(error)}`;
    throw new CatalystError('EMBEDDER_UNAVAILABLE', `${place(endpoint)} ${why}.`, { cause: error });
  }
}

function translateStatus(endpoint: EmbeddingsEndpoint, response: Response, body: string): CatalystError {
  const parsed = errorSchema.safeParse(parsedJson(body));
  const said = parsed.success ? `: ${parsed.data.error.message.slice(0, 300)}` : '';
  const message = `${place(endpoint)} answered ${response.status}${said}`;
  const wait = retryAfterOption(response.headers.get('retry-after'));
  // OpenAI answers 429 for an empty account as well: no waiting helps there.
  if (parsed.data?.error.code === 'insufficient_quota') return new CatalystError('EMBEDDER_REJECTED', message);
  if (response.status === 429) return new CatalystError('EMBEDDER_RATE_LIMITED', message, wait);
  if (response.status === 408 || response.status >= 500) return new CatalystError('EMBEDDER_UNAVAILABLE', message, wait);
  return new CatalystError('EMBEDDER_REJECTED', message);
}

function place(endpoint: EmbeddingsEndpoint): string {
  return `The embedding endpoint ${new URL(endpoint.baseUrl).host}`;
}
