import type { SearchBoosts } from '../../contracts/search.ts';
import { boost } from '../boosts/boost.ts';
import type { Rerank } from '../rerank/outcome.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { Collecting } from './collect.ts';

export interface Ordering {
  readonly boosts: SearchBoosts;
  readonly query: string;
  readonly rerank: Rerank | undefined;
  readonly stopwatch: Stopwatch;
}

/** What moves candidates after fusion: reranking first, which is about the text, then boosts, which are about all else. */
export function createOrder({ boosts, query, rerank, stopwatch }: Ordering): Pick<Collecting, 'order' | 'ordersPool'> {
  const hasBoosts = Object.keys(boosts).length > 0;
  return {
    ordersPool: hasBoosts || rerank !== undefined,
    async order(candidates) {
      const reranked = rerank === undefined ? { candidates } : await stopwatch.measureAsync('rerankMs', () => rerank(candidates));
      const boosted = hasBoosts ? boost(reranked.candidates, boosts, query, Date.now()) : reranked.candidates;
      return { candidates: boosted, degradations: reranked.failure === undefined ? [] : [{ part: 'rerank', ...reranked.failure }] };
    },
  };
}
