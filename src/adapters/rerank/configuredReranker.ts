import type { RerankingConfig } from '../../config/config.ts';
import type { Reranker } from '../../ports/reranker.ts';
import { createCohereReranker } from './cohereReranker.ts';
import { createCrossEncoderReranker } from './crossEncoderReranker.ts';
import { createEndpointReranker } from './endpointReranker.ts';
import { createJudgeReranker } from './judgeReranker.ts';
import { createTeiReranker } from './teiReranker.ts';

/** Of the time budget: the rest is for the passage in hand and the way back. */
const shareOfComputing = 0.85;

/** The reranker that the configuration names. Throws RERANKER_UNAVAILABLE where a local model cannot be loaded; asks no service yet. */
export async function createConfiguredReranker(config: RerankingConfig): Promise<Reranker> {
  switch (config.provider) {
    case 'cohere':
      return createCohereReranker(config);
    case 'endpoint':
      return createEndpointReranker(config);
    case 'tei':
      return createTeiReranker(config);
    case 'judge':
      return createJudgeReranker(config);
    case 'cross-encoder':
      return createCrossEncoderReranker({ ...config, answerWithinMs: Math.round(config.timeoutMs * shareOfComputing) });
  }
}
