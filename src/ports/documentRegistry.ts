import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { Source } from '../contracts/documents.ts';
import type { FetchRecord } from '../contracts/fetched.ts';
import type { Digest } from '../contracts/identifiers.ts';
import type { VersionArtifactKind } from '../contracts/library.ts';
import type { DocumentSpecification } from '../contracts/specification.ts';
import type { KeptVersion } from './vectorIndex.ts';

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

/** A version that is being made. */
export interface PendingVersion {
  readonly documentId: string;
  readonly versionId: string;
  readonly sequence: number;
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
  readonly source: Source;
  readonly sourceId: string | null;
  readonly parentId: string | null;
  /** Labels that it was ingested with. */
  readonly policies: readonly string[];
  /** Of its chunks. */
  readonly tokens: number;
  readonly fetched: FetchRecord | null;
  readonly artifacts: Readonly<Record<VersionArtifactKind, ArtifactReference>>;
}

/** A request that is the newest of its document. */
export interface PublishWinner extends PublishRequest {
  /** False where no earlier request for the document was ever accepted. */
  readonly replacesEarlier: boolean;
  /** Labels that were set by hand, on it or on what it is attached to; they go before those that it was ingested with. */
  readonly labels: readonly string[] | null;
  /** Milliseconds since 1970: later than that of the version that it replaces. */
  readonly visibleFrom: number;
}

/** Puts winners into the index in the place of what they replace, and takes superseded ones out of it; `kept` as `VectorIndex.publish` wants it. */
export type ShowVersions = (winners: readonly PublishWinner[], superseded: readonly PublishRequest[], kept: readonly KeptVersion[] | null) => Promise<void>;

export interface PublishDecision {
  readonly documentId: string;
  readonly decision: 'created' | 'updated' | 'superseded';
}

/** A document whose version before is to come back, from what is stored of it. */
export interface RestorableDocument {
  readonly specification: Omit<DocumentSpecification, 'index'>;
}

/** What undoing a job means: documents it made go, those it changed get their version before back. */
export interface UndoPlan {
  readonly remove: readonly string[];
  readonly restore: readonly RestorableDocument[];
  /** Changed documents whose version before has no stored bytes any more (retention): they keep the job's version. */
  readonly lost: readonly string[];
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
  publish(tenant: string, requests: readonly PublishRequest[], show: ShowVersions): Promise<PublishDecision[]>;
  /** Of these versions that are being made, the ids of those that a newer request or a deletion has overtaken: they will never be shown. */
  listSuperseded(tenant: string, versions: readonly PendingVersion[]): Promise<string[]>;
  /** What the server said when the visible version was fetched, and where its bytes lie; undefined where there is none. */
  findFetched(tenant: string, documentId: string): Promise<{ readonly fetched: FetchRecord; readonly raw: ArtifactReference } | undefined>;
  /**
   * For a page of the job's documents (after an index): those whose visible version is of this job still; what a later job changed or
   * deleted stays as it is. A restored one gets the specification of the request that made its version before, with the stored bytes as
   * its origin. `last` is the index of the last document looked at, null where there was none.
   */
  planUndo(tenant: string, jobId: string, after: number, limit: number): Promise<UndoPlan & { readonly last: number | null }>;
  /** Attached documents of a parent that are not among those named: they were attached to an earlier version of it. */
  listDetached(tenant: string, parentId: string, attached: readonly string[]): Promise<string[]>;
}
