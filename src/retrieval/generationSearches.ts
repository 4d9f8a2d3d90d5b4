import type { EmbeddingContract } from '../contracts/embedding.ts';
import { CatalystError } from '../contracts/errors.ts';
import type { EventSink } from '../contracts/events.ts';
import { searchRequestSchema } from '../contracts/search.ts';
import type { ChunkSearch } from '../ports/chunkSearch.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { GenerationSearches } from '../ports/generationSearches.ts';
import { createReadPath } from './readPath.ts';
import { createSearch } from './search.ts';
import type { Search } from './search.ts';

export interface TrialDependencies {
  readonly generationIndex: { searchIn(generation: string, contract: EmbeddingContract): ChunkSearch; contractOf(generation: string): Promise<EmbeddingContract | undefined> };
  readonly models: { of(contract: EmbeddingContract): Embedder };
}

/** Searches of the read path in a generation of its own, by the model that it was made by; what tenants have set beside is left out on both sides. */
export function createGenerationSearches({ generationIndex, models }: TrialDependencies): GenerationSearches {
  const searches = new Map<string, Search>();
  const quiet: EventSink = () => undefined;
  const searchOf = async (generation: string): Promise<Search> => {
    const known = searches.get(generation);
    if (known !== undefined) return known;
    const contract = await generationIndex.contractOf(generation);
    if (contract === undefined) throw new CatalystError('NOT_FOUND', `There is no generation ${generation}.`);
    const search = createSearch(createReadPath({ index: generationIndex.searchIn(generation, contract), embedder: models.of(contract), emit: quiet }));
    searches.set(generation, search);
    return search;
  };
  return {
    async search(generation, principal, { query, mode, limit }) {
      const search = await searchOf(generation);
      const startedAt = performance.now();
      const { results } = await search(principal, searchRequestSchema.parse({ query, mode, limit, rerank: 'none', aggregate: 'best' }));
      return { documents: results.map(({ document }) => document.id), milliseconds: performance.now() - startedAt };
    },
  };
}
