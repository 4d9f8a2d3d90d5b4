import type { SearchFilters, SearchRequest } from '../../../src/contracts/search.ts';
import { seededRandom } from '../../chaos/schedule/random.ts';

export type SoakSearch = Partial<SearchRequest> & { readonly query: string };

/** Searches as many callers send them: mostly hybrid, a fifth asked before, some with filters, long lists and explanations. */
export function searchMix(queries: readonly string[], seed = 3): () => SoakSearch {
  const random = seededRandom(seed);
  const filters: readonly SearchFilters[] = [{ tags: ['soak'] }, { source: { type: 'text' } }, { metadata: { round: { gte: 1 } } }, { tiers: ['section', 'passage'] }];
  let number = 0;
  return () => {
    number += 1;
    const repeated = random.next() < 0.2;
    return {
      query: repeated ? random.pick(queries.slice(0, 20)) : `${random.pick(queries)} ${number}`,
      mode: random.pick(['hybrid', 'hybrid', 'hybrid', 'dense', 'sparse'] as const),
      ...(random.next() < 0.3 ? { filters: random.pick(filters) } : {}),
      ...(random.next() < 0.1 ? { limit: 50, explain: true } : {}),
    };
  };
}
