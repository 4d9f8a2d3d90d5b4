import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { EmbeddedArtifact } from '../../contracts/ingestion.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';

/** What a version was made of and by, as it is stored beside its artifacts: from it alone the version can be rebuilt. */
export interface Manifest extends Omit<EmbeddedArtifact, 'index'> {
  readonly jobId: string;
  readonly specification: DocumentSpecification;
  readonly title: string;
  readonly contract: EmbeddingContract;
  /** Of its points; manifests that were written before it was kept have none. */
  readonly points?: {
    /** RFC 3339. */
    readonly ingestedAt: string;
    /** See `pointsMadeBy`. */
    readonly made: Digest;
  };
}

export type ManifestArtifacts = Readonly<Record<'raw' | 'text' | 'chunks' | 'vectors', ArtifactReference>>;
