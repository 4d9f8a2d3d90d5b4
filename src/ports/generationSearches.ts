import type { Principal } from '../contracts/principal.ts';
import type { SearchRequest } from '../contracts/search.ts';

export interface TrialSearch {
  readonly query: string;
  readonly mode: SearchRequest['mode'];
  readonly limit: number;
}

/** Searches in one generation, whether it serves or not: to judge it. Throws as searches do. */
export interface GenerationSearches {
  /** Documents that answer, best first. */
  search(generation: string, principal: Principal, trial: TrialSearch): Promise<{ readonly documents: readonly string[]; readonly milliseconds: number }>;
}
