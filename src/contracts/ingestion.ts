import type { ArtifactReference } from './artifacts.ts';
import type { EmbeddingContract } from './embedding.ts';
import type { FetchRecord } from './fetched.ts';
import type { Failure } from './failure.ts';
import type { Digest } from './identifiers.ts';
import type { DocumentResult } from './jobs.ts';
import type { PersonalDataKind } from './personalData.ts';
import type { RiskLevel } from './risk.ts';
import type { DocumentSpecification } from './specification.ts';
import type { JobControl } from './steering.ts';
import type { Granted } from './workPrincipal.ts';

/** What travels between workflows, activities and the registry: references and identifiers, never content. */

/** Whose job it is; every activity acts for this tenant only. */
export interface JobScope extends Granted {
  readonly tenant: string;
  readonly subject: string;
  readonly jobId: string;
  /** Nothing is written: documents are looked at only. */
  readonly dryRun?: boolean;
}

/** Documents of a job that one workflow ingests: one, or several small ones together (a slice). */
export interface IngestUnit {
  readonly indexes: readonly number[];
  /** Set for a unit of one document. */
  readonly documentId?: string;
  /** What operators see as the source: a host name or the source type. */
  readonly source: string;
}

/** Indexes of documents, both included. */
export type IndexRange = readonly [first: number, last: number];

export interface UnitPage {
  readonly units: readonly IngestUnit[];
  /** Index of the last document of the page: where the next page starts. */
  readonly after: number;
  readonly last: boolean;
  /** What the job has been told, as it is at this moment. */
  readonly control: JobControl;
}

/** A document whose raw bytes are stored and whose version is named. */
export interface AcquiredDocument {
  readonly index: number;
  readonly documentId: string;
  readonly sequence: number;
  readonly versionId: string;
  readonly versionDigest: Digest;
  readonly raw: ArtifactReference;
  readonly mediaType?: string;
  readonly fileName?: string;
  readonly url?: string;
  /** Title that came with the document from its source. */
  readonly sourceTitle?: string;
  readonly fetched?: FetchRecord;
  /**
   * Set where the tenant wanted no codes of tokens when the version was named. The version's digest counts on it, so that the later
   * stages go by this, whatever the tenant has set since.
   */
  readonly tokenVectors?: 'off';
  /** Least risk of passages that are kept from search, as it was when the version was named; none: not set. */
  readonly quarantine?: RiskLevel;
  /** Personal data that was not to be indexed when the version was named, in order of name; none: not set. */
  readonly redact?: readonly PersonalDataKind[];
}

export interface ParsedArtifact extends AcquiredDocument {
  readonly text: ArtifactReference;
}

export interface ChunkedArtifact extends ParsedArtifact {
  readonly chunks: ArtifactReference;
}

export interface EmbeddedArtifact extends ChunkedArtifact {
  readonly vectors: ArtifactReference;
  /** Fingerprint of the embedding contract of the vectors; what was embedded by an earlier release does not tell: then there was but one. */
  readonly model?: string;
}

export interface WrittenDocument extends EmbeddedArtifact {
  readonly manifest: ArtifactReference;
  /** Of those that are in the index. */
  readonly chunkCount: number;
  /** What is kept from search, where passages are. */
  readonly quarantined?: Failure;
}

/** What is stored with a version, so that its points can be made again of artifacts alone. */
export interface VersionManifest extends Omit<EmbeddedArtifact, 'index'> {
  readonly jobId: string;
  readonly specification: DocumentSpecification;
  readonly title: string;
  readonly contract: EmbeddingContract;
  /** RFC 3339; manifests of earlier releases have none. */
  readonly ingestedAt?: string;
  /** What made its points (`pointsMadeBy`); manifests of earlier releases do not tell. */
  readonly made?: Digest;
}

/** How far a document has come: kept in the registry between stages, so that workflows carry indexes only. */
export type DocumentProgress = AcquiredDocument | ParsedArtifact | ChunkedArtifact | EmbeddedArtifact | WrittenDocument;

/** What a step of discovery tells the workflow. */
export interface DiscoveryProgress {
  /** Documents that joined the job. */
  readonly added: number;
  /** Nothing is left to look at. */
  readonly finished: boolean;
  /** Time to wait before the next step, in ms. */
  readonly waitMs: number;
}

/** Documents that are to be deleted by a workflow of their own. */
export interface DeletionScope extends Granted {
  readonly tenant: string;
  readonly deletionId: string;
}

/** A registered source. */
export interface SourceScope {
  readonly tenant: string;
  readonly sourceId: string;
}

export interface SweepScope extends Granted {
  readonly tenant: string;
  readonly sweepId: string;
}

/** An audit of registry, artifacts and index of a tenant. */
export interface ConsistencyScope extends Granted {
  readonly tenant: string;
  readonly auditId: string;
}

/** What a stage tells the workflow. */
export interface StageResult {
  /** Documents that go on to the next stage. */
  readonly ready: readonly number[];
  /** Documents that ended in this one, recorded already. */
  readonly finished: readonly FinishedDocument[];
}

export type FinishedDocument = Pick<DocumentResult, 'index' | 'state' | 'failure'>;
