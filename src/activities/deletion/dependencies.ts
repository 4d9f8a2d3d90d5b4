import type { EventSink } from '../../contracts/events.ts';
import type { ArtifactStore } from '../../ports/artifactStore.ts';
import type { DeletionRegistry } from '../../ports/deletionRegistry.ts';
import type { GenerationIndex } from '../../ports/generationIndex.ts';
import type { GenerationRegistry } from '../../ports/generationRegistry.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { SourceRegistry } from '../../ports/sourceRegistry.ts';
import type { SourceSchedules } from '../../ports/sourceSchedules.ts';
import type { VectorIndex } from '../../ports/vectorIndex.ts';

/** What the steps of a deletion need from outside. */
export interface DeletionDependencies {
  readonly deletions: DeletionRegistry;
  readonly index: Pick<VectorIndex, 'hideDocuments' | 'deleteDocuments' | 'countDocuments' | 'deleteTenant'>;
  /** Those that do not serve hold what they are to serve, or served, with. */
  readonly generations: Pick<GenerationRegistry, 'list'>;
  readonly generationIndex: Pick<GenerationIndex, 'contractOf' | 'removeDocuments' | 'removeTenant'>;
  readonly artifacts: Pick<ArtifactStore, 'erase' | 'listObjects' | 'deleteObjects'>;
  readonly registeredSources: Pick<SourceRegistry, 'list'>;
  readonly schedules: Pick<SourceSchedules, 'remove'>;
  /** Where what was deleted is named for whoever restores a backup; undefined: there are no backups. */
  readonly backups: { readonly bucket: ObjectBucket } | undefined;
  readonly emit: EventSink;
}

/** Documents of one call; one ordered batch in the index. */
export const documentsPerPage = 500;

/** Where the next call of a step goes on; null: the step is done. Opaque to the workflow. */
export interface NextPage {
  readonly next: string | null;
}
