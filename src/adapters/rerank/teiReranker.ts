import { z } from 'zod';
import type { Reranker } from '../../ports/reranker.ts';
import { createHttpReranker } from './httpReranker.ts';
import type { HttpRerankerOptions } from './httpReranker.ts';

/** Its default limit (`--max-client-batch-size`): a larger batch is refused. */
const largestBatch = 32;

/** Text Embeddings Inference's `/rerank`. The model is the one it was started with; a text beyond the model's limit is cut there. */
export function createTeiReranker(options: HttpRerankerOptions): Reranker {
  return createHttpReranker(
    {
      provider: 'tei',
      bodyOf: (_model, query, texts) => ({ query, texts, truncate: true, raw_scores: false, return_text: false }),
      answerSchema: z.array(z.object({ index: z.int().min(0), score: z.number() })),
      batchSize: largestBatch,
    },
    options,
  );
}
