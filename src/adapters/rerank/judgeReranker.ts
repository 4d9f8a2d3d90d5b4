import { CatalystError } from '../../contracts/errors.ts';
import type { RerankCandidate, Reranker } from '../../ports/reranker.ts';
import type { HttpRerankerOptions } from './httpReranker.ts';
import { readOrder } from './judgeAnswer.ts';
import { judgeMessages, orderFormat } from './judgePrompt.ts';
import { probeReranker } from './probeReranker.ts';
import { placeOf, postRerank, RefusedRequest } from './rerankRequest.ts';

/**
 * A chat model that is shown all passages at once and answers an order (`/chat/completions` with structured output). It gives no scores:
 * those told here are made of the places, from 1 for the first evenly down.
 */
export function createJudgeReranker(options: HttpRerankerOptions): Reranker {
  const { model } = options;
  const endpoint = { ...options, path: 'chat/completions' } as const;
  const closing = new AbortController();
  /** The same order for the same question, as far as the model allows; reasoning models refuse the setting. */
  let takesTemperature = true;

  async function ask(query: string, texts: readonly string[], signal: AbortSignal): Promise<unknown> {
    const body = { model, messages: judgeMessages(query, texts), response_format: orderFormat };
    if (!takesTemperature) return await postRerank(endpoint, body, signal);
    try {
      return await postRerank(endpoint, { ...body, temperature: 0 }, signal);
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.parameter !== 'temperature') throw error;
      takesTemperature = false;
      return await postRerank(endpoint, body, signal);
    }
  }
  async function rerank(query: string, candidates: readonly RerankCandidate[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const answer = await ask(query, candidates.map(({ text }) => text), AbortSignal.any([closing.signal, signal]));
    const order = readOrder(answer, candidates.length, placeOf(endpoint));
    return new Map(order.map((index, place) => [candidates[index]?.id ?? '', 1 - place / candidates.length]));
  }
  return {
    name: 'reranker',
    provider: 'judge',
    model,
    pointwise: false,
    rerank,
    async check(signal) {
      await probeReranker(rerank, signal);
      return `judge: ${model} at ${new URL(options.baseUrl).host}`;
    },
    close() {
      closing.abort(new CatalystError('RERANKER_UNAVAILABLE', 'The reranker was closed.'));
      return Promise.resolve();
    },
  };
}
