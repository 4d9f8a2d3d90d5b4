import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { Digest } from '../contracts/identifiers.ts';

/** A request whose result would be this version. */
export interface VersionCandidate {
  readonly documentId: string;
  readonly versionDigest: Digest;
  readonly sequence: number;
}

/** The visible version of a document. */
export interface CurrentVersion {
  readonly documentId: string;
  readonly versionId: string;
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

/** A request that is the newest of its document. */
export interface PublishWinner extends PublishRequest {
  /** False where no earlier request for the document was ever accepted. */
  readonly replacesEarlier: boolean;
}

export interface PublishDecision {
  readonly documentId: string;
  readonly decision: 'created' | 'updated' | 'superseded';
}

/** Documents and versions of a tenant. Throws REGISTRY_UNAVAILABLE. */
export interface DocumentRegistry {
  /**
   * The documents whose visible version is the candidate already. Their sequence is raised to the candidate's,
   * so that an older request which is still in work cannot replace what this newer one confirmed.
   */
  confirmUnchanged(tenant: string, candidates: readonly VersionCandidate[]): Promise<CurrentVersion[]>;
  /**
   * Locks the documents, decides which requests still are the newest, calls `show` with both groups while the locks are held,
   * and records what is visible now. Two writers of one document take turns; a late one never overwrites a newer version.
   */
  publish(tenant: string, requests: readonly PublishRequest[], show: (winners: readonly PublishWinner[], superseded: readonly PublishRequest[]) => Promise<void>): Promise<PublishDecision[]>;
}
