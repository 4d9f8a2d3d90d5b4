import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { Digest } from '../contracts/identifiers.ts';

/** What the registry knows of the visible version of a document. */
export interface CurrentVersion {
  readonly documentId: string;
  readonly versionId: string;
  readonly versionDigest: Digest;
  readonly sequence: number;
  readonly chunks: number;
}

export interface PublishRequest {
  readonly documentId: string;
  readonly versionId: string;
  readonly versionDigest: Digest;
  readonly sequence: number;
  readonly jobId: string;
  readonly chunks: number;
  readonly pages: number | null;
  readonly title: string;
  readonly sourceKey: string;
  readonly manifest: ArtifactReference;
}

export interface PublishDecision {
  readonly documentId: string;
  readonly decision: 'created' | 'updated' | 'superseded';
}

/** Documents and versions of a tenant. Throws REGISTRY_UNAVAILABLE. */
export interface DocumentRegistry {
  /** The visible versions of the documents that have one. */
  findCurrent(tenant: string, documentIds: readonly string[]): Promise<CurrentVersion[]>;
  /**
   * Locks the documents, decides which requests still are the newest, calls `show` with both groups while the locks are held,
   * and records what is visible now. Two writers of one document take turns; a late one never overwrites a newer version.
   */
  publish(tenant: string, requests: readonly PublishRequest[], show: (winners: readonly PublishRequest[], superseded: readonly PublishRequest[]) => Promise<void>): Promise<PublishDecision[]>;
}
