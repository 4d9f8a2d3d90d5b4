import type { BucketRange } from '../consistency/buckets.ts';
import type { NeededObject } from '../consistency/findArtifactFaults.ts';
import type { ArtifactReference } from '../contracts/artifacts.ts';
import type { ConsistencyAudit, Fault } from '../contracts/consistency.ts';
import type { Digest } from '../contracts/identifiers.ts';
import type { VersionArtifactKind } from '../contracts/library.ts';
import type { JobOwner } from './jobRegistry.ts';

/** The version of a document that search is to show, or one that it is to find as of an earlier time, as the registry has it. */
export interface ShownVersion {
  readonly documentId: string;
  readonly versionId: string;
  readonly sequence: number;
  readonly policies: readonly string[];
  /** That cut the passages which the index shows of it (`Recut.id`); null: they are those that it came with. */
  readonly recut: string | null;
  /** Of those passages, how many the index has. */
  readonly chunks: number;
  readonly publishedAt: string;
  /** Null: it is shown. */
  readonly replacedAt: string | null;
  /** It is being deleted, or the index may not know yet of a change of its labels: not to be judged now. */
  readonly inMotion: boolean;
  /** What was found of it in its artifacts; null: nothing yet. */
  readonly summary: VersionSummary | null;
  readonly artifacts: Readonly<Record<VersionArtifactKind, ArtifactReference>> | null;
}

/** What the points of a version should be, as far as its artifacts alone tell. */
export interface VersionSummary {
  /** What made it (`pointsMadeBy`): one of another release is of no account. */
  readonly made: Digest;
  readonly ordinals: readonly number[];
  /** See `summariseContents`; null where another release made the points. */
  readonly contents: Digest | null;
}

/** A document by what requests and deletions mean to do to it at this moment. */
export interface DocumentStanding {
  readonly documentId: string;
  /** The version that is shown; null: none. */
  readonly versionId: string | null;
  /** Whether the registry has, or had, anything of it. */
  readonly known: boolean;
  /** Being deleted. */
  readonly doomed: boolean;
  /** Sequences of requests that are not finished. */
  readonly working: readonly number[];
}

/** A version that needs an artifact. */
export interface NeedingVersion {
  readonly documentId: string;
  readonly versionId: string;
  readonly kind: VersionArtifactKind;
  readonly reference: ArtifactReference;
  readonly jobId: string;
  /** Whether search shows it. */
  readonly shown: boolean;
  readonly artifacts: Readonly<Partial<Record<VersionArtifactKind, ArtifactReference>>>;
}

export interface SettledDocuments {
  /** Of the index. */
  readonly recut: string | null;
  readonly shown: readonly ShownVersion[];
  readonly standings: readonly DocumentStanding[];
}

/** Audits of a tenant, and what the registry knows that they compare. Throws REGISTRY_UNAVAILABLE. */
export interface ConsistencyRegistry {
  /** Stores the audit and the request to start its workflow in one transaction; the same one again changes nothing. */
  accept(owner: JobOwner, audit: { readonly id: string; readonly workflowId: string; readonly dryRun: boolean; readonly deep: boolean }): Promise<ConsistencyAudit>;
  find(tenant: string, auditId: string): Promise<ConsistencyAudit | undefined>;
  list(tenant: string, cursor: string | undefined, limit: number): Promise<{ readonly audits: readonly ConsistencyAudit[]; readonly next: string | null }>;
  listFaults(tenant: string, auditId: string, cursor: string | undefined, limit: number): Promise<{ readonly faults: readonly Fault[]; readonly next: string | null }>;
  begin(tenant: string, auditId: string): Promise<ConsistencyAudit>;
  /** The same step and page again replaces what was reported of it. */
  addToReport(tenant: string, auditId: string, page: { readonly step: string; readonly page: number }, counts: PageCounts): Promise<void>;
  /** Sum over the pages so far. */
  sumPages(tenant: string, auditId: string): Promise<PageCounts>;
  /** Notes faults before they are mended, and what became of them; the same kind at the same place is one fault. */
  noteFaults(tenant: string, auditId: string, faults: readonly Fault[]): Promise<void>;
  /** Faults of these documents that pend are left to the next audit. */
  leaveFaults(tenant: string, auditId: string, documents: readonly string[]): Promise<void>;
  /** Sums pages and faults up; faults that a try was cut off at, and that are not there any more, count as mended. */
  finish(tenant: string, auditId: string): Promise<ConsistencyAudit>;
  /** It came to nothing; one that has ended stays as it is. */
  fail(tenant: string, auditId: string): Promise<ConsistencyAudit>;

  countShown(tenant: string): Promise<number>;
  /** As an index of this recut shows them (`Recut.id`; null: as they came). Artifacts are null unless they are asked for. */
  readShown(tenant: string, range: BucketRange, recut: string | null, withArtifacts: boolean): Promise<ShownVersion[]>;
  /** Versions of these documents that were replaced and are kept for searches as of an earlier time. */
  readKept(tenant: string, documents: readonly string[], recut: string | null, withArtifacts: boolean): Promise<ShownVersion[]>;
  storeSummaries(tenant: string, summaries: readonly (Pick<ShownVersion, 'documentId' | 'versionId'> & { readonly summary: VersionSummary })[]): Promise<void>;
  readStandings(tenant: string, documents: readonly string[]): Promise<DocumentStanding[]>;
  /**
   * Works on documents while nothing can publish, delete or label them, and the index is not led elsewhere: their rows are locked as
   * publications lock them. `servingRecut`: that of the index, asked when this is so; default: none.
   * Where the work says that it changed what searches see, the epoch of the tenant's index is raised.
   */
  whileSettled<Result>(tenant: string, documents: readonly string[], work: (settled: SettledDocuments) => Promise<{ readonly result: Result; readonly changed: boolean }>, servingRecut?: () => Promise<string | null>): Promise<Result>;

  /** Objects that versions need, of addresses after one and up to another; null: to the end. */
  readNeeded(tenant: string, after: string | null, upTo: string | null): Promise<NeededObject[]>;
  /** Versions, those being deleted left out, that need what lies at these places. */
  readNeeding(tenant: string, references: readonly ArtifactReference[]): Promise<NeedingVersion[]>;
  storeSeals(tenant: string, seals: readonly { readonly uri: string; readonly seal: string; readonly bytes: number }[]): Promise<void>;
  /** Forgets what was found of objects that are gone, of the same range of addresses. */
  dropSeals(tenant: string, after: string | null, upTo: string | null, kept: readonly string[]): Promise<void>;
  /** Of these objects those that no record names and that the tenant's policy does not keep; locked against nothing, so to be asked just before they are removed. */
  findUnused(tenant: string, objects: readonly { readonly uri: string; readonly storedAt: Date }[], graceMs: number): Promise<string[]>;
  /** Copies of manifests that audits kept, by version. */
  findManifests(tenant: string, versions: readonly Pick<ShownVersion, 'documentId' | 'versionId'>[]): Promise<Map<string, Uint8Array>>;
  keepManifests(tenant: string, manifests: readonly { readonly documentId: string; readonly versionId: string; readonly bytes: Uint8Array }[]): Promise<void>;
  /** An artifact of a version lies elsewhere, or is another, from now on. */
  replaceArtifact(tenant: string, version: { readonly documentId: string; readonly versionId: string }, kind: VersionArtifactKind, reference: ArtifactReference): Promise<void>;
}

/** What a page of an audit adds to its report. */
export interface PageCounts {
  readonly documents: number;
  readonly points: number;
  /** Of the points, those of documents that are shown and that name this tenant. */
  readonly ownPoints: number;
  readonly indexBytes: number;
  readonly objects: number;
  readonly artifactBytes: number;
  readonly opened: number;
  readonly inMotion: number;
  readonly uncompared: number;
  /** Of the bucket; null where the page has none. */
  readonly digest: Digest | null;
}
