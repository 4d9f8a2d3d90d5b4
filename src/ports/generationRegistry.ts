import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { EmbeddingContract } from '../contracts/embedding.ts';
import type { Failure } from '../contracts/failure.ts';
import type { Generation, IndexDecision } from '../contracts/generations.ts';

/** A version of a document as searches are to find it, now or as of an earlier time. */
export interface VisibleDocument {
  readonly documentId: string;
  readonly versionId: string;
  readonly sequence: number;
  readonly chunks: number;
  /** That count: set by hand, or those it came with. */
  readonly policies: readonly string[];
  readonly publishedAt: Date;
  /** Null: it is visible now. */
  readonly replacedAt: Date | null;
  readonly artifacts: Readonly<Record<'chunks' | 'vectors' | 'manifest', ArtifactReference>>;
}

/** Where the filling of a generation has come to: tenants in order of name, documents in order of id. */
export interface FillCursor {
  readonly tenant: string;
  /** The last document that was written; null: none of the tenant yet. */
  readonly after: string | null;
}

/** A document that changed since a generation saw it. */
export interface DocumentChange {
  readonly tenant: string;
  readonly documentId: string;
  /** Raised with every change: what was seen is done only where it is still the same. */
  readonly number: string;
}

export interface NewGeneration {
  readonly id: string;
  readonly reason: string;
  readonly contract: EmbeddingContract;
  readonly settings: Record<string, unknown>;
}

/** What is known of the generations of the index. Platform-wide, but for the documents of a tenant. Throws REGISTRY_UNAVAILABLE. */
export interface GenerationRegistry {
  list(): Promise<Generation[]>;
  find(id: string): Promise<Generation | undefined>;
  /** A generation that is there already, made by a start. The same one again changes nothing. */
  adopt(generation: NewGeneration): Promise<Generation>;
  /** The same one again changes nothing. */
  begin(generation: NewGeneration): Promise<Generation>;
  /**
   * From its return on every change of any document is kept for the generation until it has followed: transactions that change documents
   * have ended before, and those that begin later see that it follows. Waits for them at the most 3 s; throws REGISTRY_UNAVAILABLE then.
   */
  follow(id: string): Promise<void>;
  readCursor(id: string): Promise<FillCursor | undefined>;
  writeCursor(id: string, cursor: FillCursor): Promise<void>;
  listTenants(): Promise<string[]>;
  /** Visible documents of the tenant in order of id. */
  listDocuments(tenant: string, after: string | null, limit: number): Promise<VisibleDocument[]>;
  /** Those of them that are visible. */
  findDocuments(tenant: string, documentIds: readonly string[]): Promise<VisibleDocument[]>;
  /** Versions of these documents, of those that are visible, that were replaced and are kept for searches as of an earlier time. */
  findKept(tenant: string, documentIds: readonly string[]): Promise<VisibleDocument[]>;
  /** The generation that is to serve has no history of the tenant: none is kept from before now, and searches as of a time before are refused. */
  beginHistoryAnew(tenant: string): Promise<void>;
  /** Of the visible documents: how many, how many passages they have in the index with those of kept versions, and a digest of all ids and versions. */
  sumDocuments(tenant: string): Promise<{ readonly documents: number; readonly points: number; readonly digest: string }>;
  listChanges(id: string, limit: number): Promise<DocumentChange[]>;
  /** Forgets changes that the generation has followed; those that changed again meanwhile stay. */
  removeChanges(id: string, changes: readonly DocumentChange[]): Promise<void>;
  /** What was found when the generation was compared; it may serve from now on. */
  markReady(id: string, found: { readonly documents: number; readonly points: number; readonly digest: string }): Promise<void>;
  /**
   * Nothing changes any document while `swap` runs: it has the generation follow the last changes, and the alias lead to it. Then it is the
   * one that serves, and the one before is retired until `dropAfter`. Waits for writers as `follow` does. Safe to repeat.
   */
  switchTo(id: string, dropAfter: Date, swap: () => Promise<void>): Promise<void>;
  markAbandoned(id: string, failure: Failure): Promise<void>;
  markDropped(id: string): Promise<void>;
  /** Points that were deleted or replaced since then, of all tenants. */
  countRemoved(since: Date): Promise<number>;
  recordDecision(decision: Omit<IndexDecision, 'at'>): Promise<void>;
  listDecisions(limit: number): Promise<IndexDecision[]>;
}
