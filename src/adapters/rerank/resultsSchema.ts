import { z } from 'zod';
import type { ScoredIndex } from './httpReranker.ts';

/** `{results: [{index, relevance_score}]}`, best first: as Cohere made it, and vLLM, Jina and others took it over. */
export const resultsSchema = z
  .object({ results: z.array(z.object({ index: z.int().min(0), relevance_score: z.number() })) })
  .transform(({ results }): readonly ScoredIndex[] => results.map(({ index, relevance_score: score }) => ({ index, score })));
