import type { Failure } from '../contracts/failure.ts';
import type { JobSource } from './jobRegistry.ts';
import type { DiscoveryStep, FrontierEntry, StoredDocument } from './sourceDiscovery.ts';

/** How far a job has come in reading its source. */
export interface DiscoveryPosition {
  readonly source: JobSource;
  readonly cursor: unknown;
  readonly state: 'running' | 'finished' | 'failed';
  /** Documents that the source named so far; attachments do not count. */
  readonly documents: number;
  /** Not looked at yet, shallowest first, at most as many as asked for. */
  readonly entries: readonly FrontierEntry[];
  /** Raised with every step: a step that was overtaken records nothing. */
  readonly step: number;
}

/** What jobs know of the sources they read. Throws REGISTRY_UNAVAILABLE. */
export interface DiscoveryRegistry {
  /** undefined for a job without a source. */
  load(tenant: string, jobId: string, entries: number): Promise<DiscoveryPosition | undefined>;
  /**
   * Records a step in one transaction: its documents join the job (one that is there already keeps its place), those that cannot be read
   * join it as failed, the frontier and the cursor move on. Ends the discovery when the step says `done` and no address is left.
   * It ends too, with a gap, at the most documents that the definition allows.
   * Answers how many documents joined, and whether the discovery has ended; a step that is not the next one changes nothing.
   */
  record(tenant: string, jobId: string, position: Pick<DiscoveryPosition, 'source' | 'step'>, step: DiscoveryStep): Promise<{ readonly added: number; readonly finished: boolean }>;
  /** The source cannot be read further; what was found of it goes on. */
  fail(tenant: string, jobId: string, failure: Failure): Promise<void>;
  /** What is stored of documents from earlier runs, by source key. */
  findStored(tenant: string, sourceKeys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  /**
   * Documents of the registered source that the run did not find, in order of id, to be asked once the job has no unfinished document:
   * those it did not name, and those whose page is gone (FETCH_NOT_FOUND). None where the source keeps them, and none where the run proves
   * nothing: it is cancelled or a dry run, has not finished, has gaps, could not read a page whose links it followed before, or (but for a
   * bucket) read no document at all. None of a feed, which shows its newest items only. A document belongs to whoever brought it last:
   * one that another source or request has brought since is not missing. Attachments go with their document.
   */
  listMissing(tenant: string, jobId: string, limit: number): Promise<string[]>;
  /** Sets how many documents the job has deleted as missing, for its counts. */
  recordMissing(tenant: string, jobId: string, documents: number): Promise<void>;
}
