import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { EmbeddingContract } from '../contracts/embedding.ts';
import type { Failure } from '../contracts/failure.ts';
import type { IndexRecall } from '../contracts/recall.ts';
import type { Generation, IndexDecision } from '../contracts/generations.ts';
import type { Recut } from '../contracts/recut.ts';

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
  /** Vectors that other models have made of it since, by the fingerprint of their contract. */
  readonly vectorsOf: Readonly<Record<string, ArtifactReference>>;
  /** What recuts have made of it, by their ids. */
  readonly recuts: Readonly<Record<string, RecutPassages>>;
}

/** Passages of a version that were cut anew. */
export interface RecutPassages {
  readonly chunks: ArtifactReference;
  /** Passages among them that may be searched. */
  readonly points: number;
  /** By the fingerprint of the embedding contract. */
  readonly vectorsOf: Readonly<Record<string, ArtifactReference>>;
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

/** What was made of a version for a generation: vectors of another model, or passages cut anew. */
export interface VersionPart {
  readonly documentId: string;
  readonly versionId: string;
  /** See contracts/artifacts.ts. */
  readonly kind: string;
  readonly reference: ArtifactReference;
  /** Of passages: how many may be searched. */
  readonly points?: number;
}

export interface NewGeneration {
  readonly id: string;
  readonly reason: string;
  readonly contract: EmbeddingContract;
  /** Default: null. */
  readonly recut?: Recut | null;
  readonly settings: Record<string, unknown>;
  /** Most tokens that a model may be asked for to make it; absent: none are needed. */
  readonly maximumTokens?: number;
  /** Whose own it is; null: shared. Default: shared. */
  readonly tenant?: string | null;
  /** Tenants that it will not hold. Default: none. */
  readonly excluded?: readonly string[];
  /** Tenants with a collection of their own that it is to serve when it takes over. Default: none. */
  readonly takesBack?: readonly string[];
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
  /** `documents`: how many were written since the cursor before. */
  writeCursor(id: string, cursor: FillCursor, documents: number): Promise<void>;
  allowTokens(id: string, maximumTokens: number): Promise<void>;
  /** Counts tokens before the model gets them. Waits for a switch of the generation. Throws REINDEX_BUDGET_EXHAUSTED where one that does not serve yet would go beyond what it may. */
  spendTokens(id: string, tokens: number): Promise<void>;
  /** In the order of their bytes. */
  listTenants(): Promise<string[]>;
  /** Visible documents of the tenant in order of id. */
  listDocuments(tenant: string, after: string | null, limit: number): Promise<VisibleDocument[]>;
  /** Those of them that are visible. */
  findDocuments(tenant: string, documentIds: readonly string[]): Promise<VisibleDocument[]>;
  /** Versions of these documents, of those that are visible, that were replaced and are kept for searches as of an earlier time. */
  findKept(tenant: string, documentIds: readonly string[]): Promise<VisibleDocument[]>;
  /** The generation that is to serve has no history of the tenant: none is kept from before now, and searches as of a time before are refused. */
  beginHistoryAnew(tenant: string): Promise<void>;
  /** Of the visible documents: how many, how many passages they have in a generation of this recut with those of kept versions, and a digest of all ids and versions. */
  sumDocuments(tenant: string, recut: Recut | null): Promise<{ readonly documents: number; readonly points: number; readonly digest: string }>;
  /** Of the visible documents: how many, and the tokens of their passages. */
  sumTokens(tenant: string): Promise<{ readonly documents: number; readonly tokens: number }>;
  /** Keeps where they lie, with the version: they go when it goes. Of versions that are gone nothing is kept. */
  recordParts(tenant: string, parts: readonly VersionPart[]): Promise<void>;
  /** No generation needs vectors of this model any more. */
  forgetVectors(tenant: string, model: string): Promise<void>;
  /** No generation needs passages of this recut any more. */
  forgetRecut(tenant: string, recut: string): Promise<void>;
  listChanges(id: string, limit: number): Promise<DocumentChange[]>;
  /** Forgets changes that the generation has followed; those that changed again meanwhile stay. */
  removeChanges(id: string, changes: readonly DocumentChange[]): Promise<void>;
  /** What was found when the generation was compared; it may serve from now on. */
  markReady(id: string, found: { readonly documents: number; readonly points: number; readonly digest: string }): Promise<void>;
  /**
   * Nothing changes any document while `swap` runs: it has the generation follow the last changes, and the alias lead to it. Then it is the
   * one that serves the tenant (null: all who have no alias of their own), and the one before is retired until `dropAfter`; a shared one that
   * a tenant leaves holds its points until then. Waits for writers as `follow` does. Safe to repeat. Throws CONFLICT where the generation
   * cannot serve, or does not hold a tenant that would come to be served by it.
   */
  switchTo(id: string, tenant: string | null, dropAfter: Date, swap: () => Promise<void>): Promise<void>;
  recordRecall(id: string, recall: IndexRecall): Promise<void>;
  /** Tenants that come back to a shared generation when it takes over. */
  listReturning(id: string): Promise<string[]>;
  /**
   * From its return on there is no way back for the tenant to the shared generation that it has left, and its points may be removed from it.
   * False: it is served by it, so that they must stay.
   */
  beginRemoval(id: string, tenant: string): Promise<boolean>;
  /** Its points are removed. */
  endRemoval(id: string, tenant: string, points: number): Promise<void>;
  markAbandoned(id: string, failure: Failure): Promise<void>;
  /** From then on it can never serve again. False where it is not retired or given up at this moment: it may have come to serve. */
  markDropped(id: string): Promise<boolean>;
  /** Points that were deleted or replaced since then, of the tenants that such a generation holds. */
  countRemoved(since: Date, of: Pick<Generation, 'tenant' | 'excluded'>): Promise<number>;
  /** Forgets decisions and dropped generations of before then, and removals that no generation counts any more. */
  forgetBefore(moment: Date): Promise<void>;
  recordDecision(decision: Omit<IndexDecision, 'at'>): Promise<void>;
  listDecisions(limit: number): Promise<IndexDecision[]>;
}
