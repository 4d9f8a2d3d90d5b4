import type { Chunk } from '../contracts/chunks.ts';
import type { EmbeddingContract } from '../contracts/embedding.ts';
import type { Metadata, Source } from '../contracts/documents.ts';

/** Sparse vector: parallel arrays, indices ascending and unique. */
export interface SparseVector {
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** Codes of a passage's tokens (`EmbeddedPassage.tokenCodes`), and what made them. */
export interface TokenCodes {
  readonly version: string;
  readonly codes: Uint8Array;
}

/** What is stored beside the vectors of a chunk. */
export interface ChunkPayload {
  readonly tenant: string;
  readonly document: string;
  readonly version: string;
  /** Order of acceptance: of two versions of one document the higher is the newer. */
  readonly sequence: number;
  readonly visible: boolean;
  /** Milliseconds since 1970. Written, and never read back. */
  readonly visibleFrom?: number | undefined;
  readonly visibleUntil?: number | undefined;
  readonly title: string;
  readonly source: Source;
  readonly tags: readonly string[];
  readonly policies: readonly string[];
  readonly metadata: Metadata;
  /** RFC 3339. */
  readonly ingestedAt: string;
  /** BCP 47. */
  readonly language?: string | undefined;
  /** That cut the passage anew (`Recut.id`); absent: it came with the version. Written, and never read back. */
  readonly recut?: string | undefined;
  readonly chunk: Chunk;
  /** Absent where they were not asked for, null where the point has none of the version that was asked for. */
  readonly tokenCodes?: TokenCodes | null;
}

export interface IndexPoint {
  readonly id: string;
  readonly dense: Float32Array;
  readonly sparse: SparseVector;
  readonly payload: ChunkPayload;
  /** Words for suggestions and spelling, stored beside the payload: see retrieval/vocabulary. */
  readonly vocabulary?: { readonly words: readonly string[]; readonly labels: readonly string[] };
}

/** The points of one version of a document. */
export interface VersionPoints {
  readonly documentId: string;
  readonly versionId: string;
}

/** A version that takes the place of the earlier ones of its document: those with a lower sequence. */
export interface VersionSwitch extends VersionPoints {
  readonly sequence: number;
  /** False where the document never had another version, so that there is nothing to hide. */
  readonly replacesEarlier: boolean;
  /** Labels that were set by hand, to be put on before the version is shown; absent or null: it keeps those that it was written with. */
  readonly labels?: readonly string[] | null;
  /** Milliseconds since 1970: searches as of then and later find it. */
  readonly visibleFrom?: number;
}

/** A version that was replaced, and that searches as of a time before still find. */
export interface KeptVersion extends VersionPoints {
  /** Milliseconds since 1970: when it was replaced. */
  readonly until: number;
  readonly policies: readonly string[];
}

/** The points of a document from versions up to and with this sequence: later ones belong to requests that came after. */
export interface DocumentPoints {
  readonly documentId: string;
  readonly sequence: number;
}

/** The write side of the index; always through the alias. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface VectorIndex {
  /** Creates the generation and alias where missing; throws EMBEDDING_CONTRACT_MISMATCH where the alias has another contract. */
  prepare(): Promise<void>;
  /** Writes points as they are given, durably. The same id again replaces the point. `contract`: of their vectors; default: the one that is configured. Throws INDEX_MOVED where the alias leads to vectors of another one. */
  upsert(points: readonly IndexPoint[], contract?: EmbeddingContract): Promise<void>;
  /** Points of each version, in the order asked. */
  countVersions(tenant: string, versions: readonly VersionPoints[]): Promise<number[]>;
  /**
   * Shows the new versions and hides those of these documents with a lower sequence in one ordered batch, then deletes the latter.
   * Versions with a higher sequence stay as they are: a later job may be writing them at this moment.
   * `kept`: the tenant keeps history. Then those of these documents that are replaced now, and those kept already that need other labels,
   * are named here; whatever is kept already and not named stays as it is. Null: nothing is kept.
   */
  publish(tenant: string, versions: readonly VersionSwitch[], kept?: readonly KeptVersion[] | null): Promise<void>;
  /** Puts these policy labels on all points of these versions, durably and without touching their vectors. */
  setLabels(tenant: string, versions: readonly VersionPoints[], labels: readonly string[]): Promise<void>;
  /** Hides all points of these documents up to each one's sequence, also from searches as of an earlier time; 500 documents and less in one ordered batch. */
  hideDocuments(tenant: string, documents: readonly DocumentPoints[]): Promise<void>;
  /** Removes all points of these documents up to each one's sequence. */
  deleteDocuments(tenant: string, documents: readonly DocumentPoints[]): Promise<void>;
  /** Points of these documents up to each one's sequence, together, hidden ones included. */
  countDocuments(tenant: string, documents: readonly DocumentPoints[]): Promise<number>;
  /** Removes all points of a tenant, and answers how many are left. */
  deleteTenant(tenant: string): Promise<number>;
  /** Removes points of versions that were replaced, and that no search is to find any more as of whatever time. */
  deleteKept(tenant: string, versions: readonly VersionPoints[]): Promise<void>;
  /** Removes points of versions that will not be shown; what is kept for searches as of an earlier time stays. */
  deleteVersions(tenant: string, versions: readonly VersionPoints[]): Promise<void>;
}
