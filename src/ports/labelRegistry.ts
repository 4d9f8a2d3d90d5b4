import type { Principal } from '../contracts/principal.ts';
import type { VersionPoints } from './vectorIndex.ts';

export interface NewLabelChange {
  readonly id: string;
  readonly documents: readonly string[];
  /** null: as the ingestion says. */
  readonly labels: readonly string[] | null;
}

/** Puts these labels on the points of these versions, durably. */
export type PutLabels = (versions: readonly VersionPoints[], labels: readonly string[]) => Promise<void>;

/** Labels of documents that are set by hand. Throws REGISTRY_UNAVAILABLE. */
export interface LabelRegistry {
  /**
   * Stores the labels, with those of files inside, and that the index is to follow. The registry goes by them at once.
   * Answers how many documents have them now. Throws NOT_FOUND for a document that there is not, or that the caller may not see; then none is changed.
   */
  change(principal: Pick<Principal, 'tenant' | 'subject' | 'policies'>, change: NewLabelChange): Promise<number>;
  /**
   * Has the index follow a change, while no other version of these documents can be published, and raises the epoch of the index.
   * Nothing is done where a later change has taken its place, or it was applied before.
   */
  apply(tenant: string, changeId: string, put: PutLabels): Promise<void>;
}
