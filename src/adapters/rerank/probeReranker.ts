import { CatalystError } from '../../contracts/errors.ts';
import type { Reranker } from '../../ports/reranker.ts';

const query = 'What is the capital of France?';
const candidates = [
  { id: 'answer', text: 'Paris is the capital of France.' },
  { id: 'other', text: 'Sourdough bread rises by wild yeast.' },
];

/** The smallest call that can be answered wrongly. Whether the model is any good is not asked: its order may be either. */
export async function probeReranker(rerank: Reranker['rerank'], signal: AbortSignal): Promise<void> {
  const scores = await rerank(query, candidates, signal);
  if (scores.size === 0) throw new CatalystError('RERANKER_MALFORMED', 'The reranker scored none of two texts.');
}
