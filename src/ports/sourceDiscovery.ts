import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { Source } from '../contracts/documents.ts';
import type { Failure } from '../contracts/failure.ts';
import type { FetchRecord } from '../contracts/fetched.ts';
import type { SourceDefinition } from '../contracts/sources.ts';
import type { Origin } from '../contracts/specification.ts';

/** An address that is known and not looked at yet. Depth counts the links followed from the first page. */
export interface FrontierEntry {
  readonly address: string;
  readonly depth: number;
}

/** A document of the source. Where it was fetched while looking for more, its bytes are stored and its origin says so. */
export interface DiscoveredDocument {
  /** Canonical; `url:ADDRESS` or `bucket:BUCKET/KEY`: the same key is the same document, whoever brings it. */
  readonly sourceKey: string;
  readonly source: Source;
  readonly origin: Origin;
  readonly title?: string;
  readonly bytes?: number;
}

/** Something the source names that cannot be had: it becomes a failed document of the job, never a silent gap. */
export interface UnreadableDocument {
  readonly sourceKey: string;
  readonly source: Source;
  readonly failure: Failure;
}

/** What is stored of a document from an earlier run. */
export interface StoredDocument {
  readonly raw: ArtifactReference;
  readonly fetched: FetchRecord | null;
}

export interface DiscoveryRequest {
  readonly tenant: string;
  readonly jobId: string;
  readonly definition: SourceDefinition;
  /** Addresses to look at in this step, as `found` by earlier ones; empty in the first step and for sources without a frontier. */
  readonly entries: readonly FrontierEntry[];
  /** What the step before answered; null in the first. */
  readonly cursor: unknown;
  /** Documents found so far in this run. */
  readonly documentsSoFar: number;
  readonly signal: AbortSignal;
  /** Tells that the step is alive and how far it is. */
  readonly progress: (detail: unknown) => void;
  /** Stores bytes of the tenant. */
  readonly store: (bytes: Uint8Array, mediaType: string) => Promise<ArtifactReference>;
  readonly load: (reference: ArtifactReference) => Promise<Uint8Array>;
  /** By source key: what an earlier run stored of these documents. */
  readonly findStored: (sourceKeys: readonly string[]) => Promise<ReadonlyMap<string, StoredDocument>>;
}

export interface DiscoveryStep {
  readonly documents: readonly DiscoveredDocument[];
  readonly unreadable: readonly UnreadableDocument[];
  /** Of the entries, those that need no further look. */
  readonly visited: readonly string[];
  /** New addresses; those known already are ignored. */
  readonly found: readonly FrontierEntry[];
  /** JSON, kept durably together with the documents of the step; handed to the next. */
  readonly cursor: unknown;
  /** True when nothing is left to ask but the frontier; the run ends when that is empty too. */
  readonly done: boolean;
  /** Time to wait before the next step, in ms. */
  readonly waitMs?: number;
  /** Plain sentences on what may be missing ("the limit of 1,000 documents was reached"); none means the run saw all there is. */
  readonly gaps: readonly string[];
}

/**
 * Finds the documents of a source, one bounded step (some seconds) at a time. What a step answers is recorded in one transaction,
 * so a step that was cut off is simply taken again: it must be safe to repeat, and must not start at a provider what it started before.
 * Throws the FETCH_* codes, URL_FORBIDDEN, FETCHER_*, THROTTLED, NOT_FOUND for a bucket that is not open to the tenant.
 */
export interface SourceDiscovery {
  step(request: DiscoveryRequest): Promise<DiscoveryStep>;
  /** Tells the provider to stop what this run started there; no error if it has stopped. */
  cancel(definition: SourceDefinition, cursor: unknown): Promise<void>;
  close(): Promise<void>;
}
