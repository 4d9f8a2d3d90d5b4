import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { requestEmbeddings, type EmbeddingsEndpoint } from './openAiRequest.ts';
import { createQueryBatches } from './queryBatches.ts';

export interface OpenAiEmbedderOptions {
  /** Up to and with the version: `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly dimension: number;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  readonly tokenLimit: number;
  /** Texts a request. */
  readonly batchSize: number;
  readonly timeoutMs: number;
}

/** Embeds through any OpenAI-compatible `/v1/embeddings` (OpenAI, vLLM, Text Embeddings Inference); queries that come together go in one request. */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder & HealthCheck {
  const endpoint: EmbeddingsEndpoint = options;
  const contract: EmbeddingContract = {
    model: options.model,
    revision: 'served',
    dimension: options.dimension,
    normalised: true,
    dtype: 'float32',
    pooling: 'unknown',
    queryPrefix: options.queryPrefix,
    passagePrefix: options.passagePrefix,
    tokenLimit: options.tokenLimit,
  };
  const closing = new AbortController();
  const embed = async (texts: readonly string[], signal: AbortSignal = closing.signal): Promise<Float32Array[]> => {
    const vectors = await requestEmbeddings(endpoint, texts, AbortSignal.any([closing.signal, signal]));
    return vectors.map((vector) => checkedUnitVector(vector, contract));
  };
  const embedOne = async (text: string, signal?: AbortSignal): Promise<Float32Array> => (await embed([contract.queryPrefix + text], signal))[0]!;

  const embedQuery = createQueryBatches({ embedAll: (texts) => embed(texts), maximumTexts: options.batchSize });

  return {
    name: 'embedder',
    contract,
    embedQuery: (text) => embedQuery(contract.queryPrefix + text),
    async embedPassages(texts, onProgress) {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += options.batchSize) {
        const batch = texts.slice(start, start + options.batchSize).map((text) => contract.passagePrefix + text);
        vectors.push(...(await embed(batch)));
        onProgress?.(vectors.length);
      }
      return vectors;
    },
    async check(signal) {
      await embedOne('health', signal);
      return `${options.model} at ${new URL(options.baseUrl).host}`;
    },
    close() {
      closing.abort(new CatalystError('EMBEDDER_UNAVAILABLE', 'The embedder was closed.'));
      return Promise.resolve();
    },
  };
}

function checkedUnitVector(values: readonly number[], contract: EmbeddingContract): Float32Array {
  if (values.length !== contract.dimension) {
    throw new CatalystError('EMBEDDER_REJECTED', `The model ${contract.model} answers with ${values.length} dimensions, but ${contract.dimension} are configured.`);
  }
  const length = Math.hypot(...values);
  if (!Number.isFinite(length) || length === 0) {
    throw new CatalystError('EMBEDDER_REJECTED', `The model ${contract.model} answers with a vector that has no direction.`);
  }
  return Float32Array.from(values, (value) => value / length);
}
