import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { RetentionChange, RetentionPolicy, Sweep, SweepReport } from '../contracts/sweeps.ts';
import type { StoredObject } from './artifactStore.ts';
import type { JobOwner } from './jobRegistry.ts';
import type { VersionPoints } from './vectorIndex.ts';

export interface ObjectVerdict {
  readonly uri: string;
  readonly bytes: number;
  readonly fate: 'keep' | 'orphan' | 'replaced' | 'upload';
  /** Parts that may be erased while the object stays. */
  readonly erasable: readonly ArtifactReference[];
}

/** Sweeps and retention of a tenant. Throws REGISTRY_UNAVAILABLE. */
export interface SweepRegistry {
  /** What is in force: as chosen, or by default, as far as the policy of the tenant lets it. */
  readRetention(tenant: string): Promise<RetentionPolicy>;
  /** Where the policy is the first to keep history searchable, history begins now. */
  writeRetention(tenant: string, policy: RetentionPolicy): Promise<void>;
  /** As `writeRetention`, of what is named alone: the rest stays as the tenant had chosen it, or unchosen, whatever bounds it now. */
  changeRetention(tenant: string, change: RetentionChange): Promise<void>;
  /**
   * Replaced versions that are older than the history that the policy keeps searchable: `remove` takes their points out of the index while
   * nothing can publish their documents, and then they are kept no more. Answers how many.
   */
  releaseHistory(tenant: string, remove: (versions: readonly VersionPoints[]) => Promise<void>): Promise<number>;
  /** Stores the sweep and the request to start its workflow in one transaction; the same one again changes nothing. */
  accept(owner: JobOwner, sweep: { readonly id: string; readonly workflowId: string; readonly dryRun: boolean }): Promise<Sweep>;
  find(tenant: string, sweepId: string): Promise<Sweep | undefined>;
  list(tenant: string, cursor: string | undefined, limit: number): Promise<{ readonly sweeps: readonly Sweep[]; readonly next: string | null }>;
  begin(tenant: string, sweepId: string): Promise<Sweep>;
  /** What is to become of these objects by the tenant's policy; nothing younger than the policy's days is condemned, nor what unfinished work refers to. */
  judge(tenant: string, objects: readonly StoredObject[]): Promise<ObjectVerdict[]>;
  /**
   * As `judge`, and forgets in the same transaction every record that names what is condemned (outputs, uploads, artifacts of replaced
   * versions, what failed documents had come to), so that nobody begins to use it: then its bytes may be removed. The same page of the sweep
   * again answers what was condemned the first time, without what is needed again meanwhile.
   */
  condemn(tenant: string, page: { readonly sweepId: string; readonly page: number; readonly objects: readonly StoredObject[] }): Promise<ObjectVerdict[]>;
  /** The page again replaces what was reported of it. */
  addToReport(tenant: string, sweepId: string, page: number, report: SweepReport): Promise<void>;
  /**
   * Removes records that are older than the policy says, a few at a time, and adds them to the report; a dry run counts them. Safe to
   * repeat: what was removed is counted once. `onProgress` is called after each step.
   */
  sweepRecords(tenant: string, sweepId: string, onProgress: () => void): Promise<void>;
  finish(tenant: string, sweepId: string): Promise<Sweep>;
  /** All tenants that ever had a job. */
  listTenants(): Promise<string[]>;
}
