import type { ActivityDependencies } from '../dependencies.ts';
import type { EmbeddingParts } from '../embedding/embeddingParts.ts';

/** What the steps of a change of the index need from outside. */
export interface GenerationDependencies extends Pick<ActivityDependencies, 'generations' | 'generationIndex' | 'artifacts' | 'models' | 'settings' | 'policies' | 'lifecycle' | 'generationSearches' | 'querySamples' | 'prices' | 'emit'> {
  readonly embeddings: EmbeddingParts;
}
