import type { Readable } from 'node:stream';
import type { Digest } from '../contracts/identifiers.ts';

export interface BucketObject {
  readonly key: string;
  readonly bytes: number;
  /** Another one whenever its bytes were written (ETag). */
  readonly mark: string;
}

export interface OpenObject {
  readonly body: Readable;
  readonly mediaType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A bucket as such, all tenants together: for backups alone. Throws ARTIFACT_STORE_UNAVAILABLE. */
export interface ObjectBucket {
  readonly name: string;
  /** Creates the bucket where it is missing. */
  prepare(): Promise<void>;
  /** In the order of the bytes of keys, those after `after`. */
  list(prefix: string, after: string | undefined, limit: number): Promise<{ readonly objects: readonly BucketObject[]; readonly isLast: boolean }>;
  /** What stands between the prefix, which ends with "/", and the next "/". */
  folders(prefix: string): Promise<string[]>;
  /** Undefined where there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Undefined where there is no such object. Whoever opens it reads it to its end, or destroys it. */
  open(key: string): Promise<OpenObject | undefined>;
  /** Replaces what is there. */
  store(key: string, content: { readonly body: Readable; readonly mediaType: string; readonly metadata?: Readonly<Record<string, string>> }): Promise<{ readonly bytes: number; readonly digest: Digest; readonly mark: string }>;
  /** For good; missing ones are no error. */
  remove(keys: readonly string[]): Promise<void>;
}
