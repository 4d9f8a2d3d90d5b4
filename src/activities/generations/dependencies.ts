import type { CompactionThresholds } from '../../contracts/generations.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { EmbeddingParts } from '../embedding/embeddingParts.ts';

export interface LifecycleSettings {
  readonly compaction: CompactionThresholds;
  /** How long a generation that no longer serves is kept complete, so that there is a way back. */
  readonly graceMs: number;
}

/** What the steps of a change of the index need from outside. */
export interface GenerationDependencies extends Pick<ActivityDependencies, 'generations' | 'generationIndex' | 'artifacts' | 'models' | 'lifecycle' | 'generationSearches' | 'querySamples' | 'prices' | 'emit'> {
  readonly embeddings: EmbeddingParts;
}
