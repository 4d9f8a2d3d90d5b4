import type { SearchBoosts } from '../../contracts/search.ts';
import { boost } from '../boosts/boost.ts';
import type { ChosenRerank } from '../rerank/chooseRerank.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { Collecting } from './collect.ts';

export interface Ordering {
  readonly boosts: SearchBoosts;
  readonly query: string;
  readonly rerank?: ChosenRerank | undefined;
  /** Candidates that boosts look at. */
  readonly poolSize: number;
  readonly stopwatch: Stopwatch;
  /** Milliseconds since 1970: what recency is told from. Default: now. */
  readonly moment?: number | undefined;
}

/** What moves candidates after fusion: reranking first, which is about the text, then boosts, which are about all else. */
export function createOrder({ boosts, query, rerank: chosen, poolSize, stopwatch, moment }: Ordering): Pick<Collecting, 'order' | 'pool' | 'tokenCodesOf'> {
  const hasBoosts = Object.keys(boosts).length > 0;
  return {
    pool: Math.max(hasBoosts ? poolSize : 0, chosen?.candidates ?? 0),
    tokenCodesOf: chosen?.tokenCodesOf,
    async order(candidates) {
      const reranked = chosen === undefined ? { candidates } : await stopwatch.measureAsync('rerankMs', () => chosen.rerank(candidates));
      const boosted = hasBoosts ? boost(reranked.candidates, boosts, query, moment ?? Date.now()) : reranked.candidates;
      return { candidates: boosted, degradations: reranked.failure === undefined ? [] : [{ part: 'rerank', ...reranked.failure }] };
    },
  };
}
