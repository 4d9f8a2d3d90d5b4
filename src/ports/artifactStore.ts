import type { Readable } from 'node:stream';
import type { ArtifactKind, ArtifactReference } from '../contracts/artifacts.ts';
import type { Digest } from '../contracts/identifiers.ts';

export interface ArtifactEntry {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export interface StoredObject {
  readonly uri: string;
  readonly bytes: number;
  readonly storedAt: Date;
  /** Written by the product; else the tenant has put it there, for itself or to be ingested from. */
  readonly ours: boolean;
}

export interface StoredStream {
  readonly reference: ArtifactReference;
  readonly digest: Digest;
}

/** An address at the store that opens one artifact to whoever has it, until it expires. */
export interface ArtifactLink {
  readonly url: string;
  /** What has to be sent with the request, exactly so. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface LinkOptions {
  readonly seconds: number;
  readonly fileName: string;
  /** What the store is to answer as. */
  readonly mediaType: string;
}

/** Bytes of a tenant. Keys are content-addressed below the tenant's prefix; nothing is ever changed in place. */
export interface ArtifactStore {
  /** Creates the bucket where it is missing. */
  prepare(): Promise<void>;
  /** Stores the entries packed into one object; references come in the order of the entries. One entry is an object of its own. */
  putAll(tenant: string, kind: ArtifactKind, entries: readonly ArtifactEntry[]): Promise<ArtifactReference[]>;
  /** Streams any amount to an object of its own with bounded memory; refuses more than `maximumBytes` with DOCUMENT_TOO_LARGE. */
  putStream(tenant: string, name: string, body: Readable, mediaType: string, maximumBytes: number): Promise<ArtifactReference>;
  /**
   * Reads artifacts in the order asked, neighbours in one object with one request, and checks each digest.
   * Throws ARTIFACT_NOT_FOUND (also for another tenant's), ARTIFACT_CORRUPT, ARTIFACT_STORE_UNAVAILABLE.
   */
  getAll(tenant: string, references: readonly ArtifactReference[]): Promise<Uint8Array[]>;
  /** Size and type of an object that the tenant names by address; throws ARTIFACT_NOT_FOUND outside the tenant's area. */
  describe(tenant: string, uri: string): Promise<{ readonly bytes: number; readonly mediaType: string }>;
  /** Reads a whole object by address; throws as `describe`, and DOCUMENT_TOO_LARGE above `maximumBytes`. */
  getObject(tenant: string, uri: string, maximumBytes: number): Promise<Uint8Array>;
  /** Removes objects for good, older versions of a versioned bucket included; missing ones are no error. */
  deleteObjects(tenant: string, uris: readonly string[]): Promise<void>;
  /**
   * Makes ranges unreadable for good: an object of nothing else is removed, in a packed one the bytes are overwritten, so that its other
   * ranges stay where they are. Safe to repeat and to do from several processes at once. Answers what is gone now.
   */
  erase(tenant: string, references: readonly ArtifactReference[]): Promise<{ readonly ranges: number; readonly bytes: number }>;
  /** Objects of the tenant, a page at a time. */
  listObjects(tenant: string, cursor: string | undefined, limit: number): Promise<{ readonly objects: readonly StoredObject[]; readonly next: string | undefined }>;
  /** Streams one artifact; the digest is checked at the end, where a mismatch breaks the stream. */
  openStream(tenant: string, reference: ArtifactReference): Promise<Readable>;
  /** Throws ARTIFACT_NOT_FOUND (also for another tenant's, and an empty one), ARTIFACT_STORE_UNAVAILABLE. */
  link(tenant: string, reference: ArtifactReference, options: LinkOptions): Promise<ArtifactLink>;
}
