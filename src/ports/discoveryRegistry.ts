import type { Failure } from '../contracts/failure.ts';
import type { JobSource } from './jobRegistry.ts';
import type { DiscoveryStep, FrontierEntry, StoredDocument } from './sourceDiscovery.ts';

/** How far a job has come in reading its source. */
export interface DiscoveryPosition {
  readonly source: JobSource;
  readonly cursor: unknown;
  readonly state: 'running' | 'finished' | 'failed';
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
   * Answers the documents that joined, and whether there is more; a step that is not the next one changes nothing.
   */
  record(tenant: string, jobId: string, position: Pick<DiscoveryPosition, 'source' | 'step'>, step: DiscoveryStep): Promise<{ readonly added: number; readonly finished: boolean }>;
  fail(tenant: string, jobId: string, failure: Failure): Promise<void>;
  /** What is stored of documents from earlier runs, by source key. */
  findStored(tenant: string, sourceKeys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;
  /**
   * Documents of the registered source that the finished run did not name, where the source says they are to go and the run has no gaps;
   * else none.
   */
  listMissing(tenant: string, jobId: string, limit: number): Promise<string[]>;
}
