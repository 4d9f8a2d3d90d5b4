import type { Reranker } from '../../ports/reranker.ts';
import { createHttpReranker } from './httpReranker.ts';
import type { HttpRerankerOptions } from './httpReranker.ts';
import { resultsSchema } from './resultsSchema.ts';

/** Any service with Jina's `/rerank`: Jina itself, vLLM, LiteLLM, Infinity, llama.cpp. */
export function createEndpointReranker(options: HttpRerankerOptions): Reranker {
  return createHttpReranker(
    {
      provider: 'endpoint',
      // The texts are here already: there is no need to send them back.
      bodyOf: (model, query, documents) => ({ model, query, documents, top_n: documents.length, return_documents: false }),
      answerSchema: resultsSchema,
      batchSize: 1_000,
    },
    options,
  );
}
