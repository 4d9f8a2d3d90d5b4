import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { RerankProvider } from '../../contracts/rerank.ts';
import type { RerankCandidate, Reranker } from '../../ports/reranker.ts';
import { probeReranker } from './probeReranker.ts';
import { placeOf, postRerank } from './rerankRequest.ts';

/** What one kind of service wants to be asked, and how it answers. */
export interface RerankDialect {
  readonly provider: RerankProvider;
  readonly bodyOf: (model: string, query: string, texts: readonly string[]) => object;
  readonly answerSchema: z.ZodType<readonly ScoredIndex[]>;
  /** Texts a call; a pair is scored by itself, so that several calls make one ranking. */
  readonly batchSize: number;
}

/** A place among the texts of the call, from 0. */
export interface ScoredIndex {
  readonly index: number;
  readonly score: number;
}

export interface HttpRerankerOptions {
  /** Address with `/rerank` below it. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
}

/** A service that scores every text by its index. */
export function createHttpReranker(dialect: RerankDialect, options: HttpRerankerOptions): Reranker {
  const { provider, bodyOf, batchSize } = dialect;
  const { model } = options;
  const endpoint = { ...options, path: 'rerank' } as const;
  const closing = new AbortController();

  async function scoreBatch(query: string, batch: readonly RerankCandidate[], signal: AbortSignal): Promise<(readonly [string, number])[]> {
    const answer = dialect.answerSchema.safeParse(await postRerank(endpoint, bodyOf(model, query, batch.map(({ text }) => text)), signal));
    if (!answer.success) throw new CatalystError('RERANKER_MALFORMED', `${placeOf(endpoint)} answered something that is not a list of scores: ${z.prettifyError(answer.error).slice(0, 300)}`);
    return checkIndexes(answer.data, batch.length, placeOf(endpoint)).map(({ index, score }) => [batch[index]?.id ?? '', score]);
  }
  async function rerank(query: string, candidates: readonly RerankCandidate[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const any = AbortSignal.any([closing.signal, signal]);
    const batches = Array.from({ length: Math.ceil(candidates.length / batchSize) }, (_unused, index) => candidates.slice(index * batchSize, (index + 1) * batchSize));
    return new Map((await Promise.all(batches.map((batch) => scoreBatch(query, batch, any)))).flat());
  }
  return {
    name: 'reranker',
    provider,
    model,
    pointwise: true,
    rerank,
    async check(signal) {
      await probeReranker(rerank, signal);
      return `${provider}: ${model} at ${new URL(options.baseUrl).host}`;
    },
    close() {
      closing.abort(new CatalystError('RERANKER_UNAVAILABLE', 'The reranker was closed.'));
      return Promise.resolve();
    },
  };
}

function checkIndexes(scored: readonly ScoredIndex[], texts: number, place: string): readonly ScoredIndex[] {
  const seen = new Set<number>();
  for (const { index } of scored) {
    if (index >= texts) throw new CatalystError('RERANKER_MALFORMED', `${place} scored text ${index}, where ${texts} were sent.`);
    if (seen.has(index)) throw new CatalystError('RERANKER_MALFORMED', `${place} scored text ${index} twice.`);
    seen.add(index);
  }
  return scored;
}
