import type { Reranker } from '../../ports/reranker.ts';
import { createHttpReranker } from './httpReranker.ts';
import type { HttpRerankerOptions } from './httpReranker.ts';
import { resultsSchema } from './resultsSchema.ts';

/** Cohere's `POST /v2/rerank`: `baseUrl` ends in `/v2`. A call of up to 100 texts is one search unit there; long texts count as several. */
export function createCohereReranker(options: HttpRerankerOptions): Reranker {
  return createHttpReranker(
    {
      provider: 'cohere',
      // Without top_n, which would be all: then the answer is complete whatever the number of texts.
      bodyOf: (model, query, documents) => ({ model, query, documents }),
      answerSchema: resultsSchema,
      batchSize: 1_000,
    },
    options,
  );
}
