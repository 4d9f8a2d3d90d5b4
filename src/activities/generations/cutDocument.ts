import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { Generation } from '../../contracts/generations.ts';
import type { VersionManifest } from '../../contracts/ingestion.ts';
import type { VisibleDocument } from '../../ports/generationRegistry.ts';

/** What a generation is made with. */
export type GenerationMake = Pick<Generation, 'id' | 'state' | 'contract' | 'recut'>;

export interface ReadDocument {
  readonly document: VisibleDocument;
  readonly manifest: VersionManifest;
}

/** A version with the passages that a generation shows of it. */
export interface CutDocument extends ReadDocument {
  /** That cut them; null: they came with the version. */
  readonly recut: string | null;
  readonly chunks: ArtifactReference;
  /** How many may be searched; set where they were cut just now, and are to be recorded. */
  readonly freshPoints?: number;
}
