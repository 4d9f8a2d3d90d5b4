import type { CompactionThresholds, IndexLayout } from '../../contracts/generations.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { ArtifactStore } from '../../ports/artifactStore.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { GenerationIndex } from '../../ports/generationIndex.ts';
import type { GenerationRegistry } from '../../ports/generationRegistry.ts';

export interface LifecycleSettings {
  readonly compaction: CompactionThresholds;
  readonly layout: IndexLayout;
  /** How long a generation that no longer serves is kept complete, so that there is a way back. */
  readonly graceMs: number;
}

/** What the steps of a change of the index need from outside. */
export interface GenerationDependencies {
  readonly generations: GenerationRegistry;
  readonly generationIndex: GenerationIndex;
  readonly artifacts: Pick<ArtifactStore, 'getAll'>;
  readonly embedder: Pick<Embedder, 'tokenVectors'>;
  readonly lifecycle: LifecycleSettings;
  readonly emit: EventSink;
}
