import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { Deletion, DeletionReceipt, DeletionRequest, DeletionsPage, DeletionStep, Holdings } from '../contracts/deletions.ts';
import type { StoredObject } from './artifactStore.ts';
import type { JobOwner } from './jobRegistry.ts';

export interface NewDeletion {
  readonly id: string;
  readonly workflowId: string;
  readonly request: DeletionRequest;
  readonly reason: 'request' | 'missing' | 'undo' | 'parent' | 'restore';
}

/** A document that goes: its number is higher than that of every request accepted before, so late work on it is superseded. */
export interface DoomedDocument {
  readonly documentId: string;
  readonly sequence: number;
}

export interface ReleasedArtifacts {
  /** Ranges that nothing else refers to. */
  readonly erasable: readonly ArtifactReference[];
  /** Ranges that stay because another document uses them. */
  readonly shared: number;
}

/** Deletions of a tenant, and what they need to know. All steps are safe to repeat. Throws NOT_FOUND, REGISTRY_UNAVAILABLE. */
export interface DeletionRegistry {
  /** Stores the deletion and the request to start its workflow in one transaction; the same one again changes nothing. NOT_FOUND: a source or a document the tenant never had. */
  accept(owner: JobOwner, deletion: NewDeletion): Promise<Deletion>;
  /**
   * Of a registry that was restored to an earlier moment: accepts a deletion that it does not know any more, of those of its documents that are
   * here, under the id it had. Answers how many these are; none: nothing is accepted. Undefined: it is known, and stays as it is.
   */
  acceptAgain(owner: JobOwner, deletion: { readonly id: string; readonly workflowId: string; readonly documents: readonly string[] }): Promise<number | undefined>;
  find(tenant: string, deletionId: string): Promise<Deletion | undefined>;
  list(tenant: string, cursor: string | undefined, limit: number): Promise<DeletionsPage>;
  /**
   * Fixes which documents go (attachments go with their document) and gives each its number; from now on no earlier request brings it back,
   * and those that have written no points yet end as superseded. Counts what there is of the documents in the registry. Repeated: the same documents.
   */
  begin(tenant: string, deletionId: string): Promise<{ readonly documents: number; readonly before: Omit<Holdings, 'points'> }>;
  /** A page of them in order of id. */
  listDoomed(tenant: string, deletionId: string, after: string | undefined, limit: number): Promise<DoomedDocument[]>;
  /** A step that was passed already changes nothing; the first count of points before stands. */
  reachStep(tenant: string, deletionId: string, step: DeletionStep, points?: { readonly before?: number; readonly after?: number }): Promise<void>;
  /** Of the deletion of a tenant: objects that were removed besides those of documents; told in its receipt. */
  countOthers(tenant: string, deletionId: string, others: { readonly objects: number; readonly bytes: number }): Promise<void>;
  /** What may be erased of these documents: of their versions, requests, uploads and outputs; forgets the outputs that named it. */
  releaseArtifacts(tenant: string, deletionId: string, documentIds: readonly string[]): Promise<ReleasedArtifacts>;
  /**
   * Of a deletion of everything, for a page of the tenant's objects: those that no request accepted afterwards uses. What was stored after
   * the deletion began is left alone, since it may belong to a request that is being accepted. Forgets uploads and outputs that named them.
   */
  releaseObjects(tenant: string, deletionId: string, objects: readonly StoredObject[]): Promise<string[]>;
  /** Removes versions and the content of requests and of the documents themselves; what stays is that they were deleted, when and by whom. */
  removeRecords(tenant: string, deletionId: string, documentIds: readonly string[]): Promise<void>;
  /** Whether the deletion is that of the tenant itself. */
  endsTenant(tenant: string, deletionId: string): Promise<boolean>;
  /** Throws VERIFICATION_FAILED while jobs of the tenant are in work. */
  requireIdleTenant(tenant: string): Promise<void>;
  /** Counts again and keeps the receipt, the same when repeated; VERIFICATION_FAILED where the registry still holds something of the documents. Of a tenant that ends all other records go with it. */
  finish(tenant: string, deletionId: string): Promise<DeletionReceipt>;
}
