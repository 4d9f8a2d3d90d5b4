import type { EventSink } from '../../contracts/events.ts';
import type { ArtifactStore } from '../../ports/artifactStore.ts';
import type { VectorIndex } from '../../ports/vectorIndex.ts';
import type { SweepRegistry } from '../../ports/sweepRegistry.ts';

/** What the steps of a sweep need from outside. */
export interface SweepDependencies {
  readonly sweeps: SweepRegistry;
  readonly index: Pick<VectorIndex, 'deleteKept'>;
  readonly artifacts: Pick<ArtifactStore, 'erase' | 'listObjects' | 'deleteObjects'>;
  readonly emit: EventSink;
}
