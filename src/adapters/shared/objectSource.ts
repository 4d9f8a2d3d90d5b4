export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string | undefined;
  /** In an archive that has to be asked for hours ahead. */
  readonly isArchived: boolean;
}

export interface ObjectContent {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly etag: string | undefined;
  /** As HTTP writes dates. */
  readonly lastModified: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Buckets that documents are imported from. Throws NOT_FOUND for a bucket that does not exist, FETCH_REFUSED, FETCH_FAILED (of one request),
 * FETCH_RATE_LIMITED, FETCH_UNREACHABLE, FETCH_TIMEOUT, CANCELLED.
 */
export interface ObjectSource {
  /** By key, after the given one. */
  list(bucket: string, place: { readonly prefix: string; readonly after: string | undefined; readonly limit: number }, signal: AbortSignal): Promise<{ readonly objects: readonly ListedObject[]; readonly hasMore: boolean }>;
  /** undefined where the object is gone. Throws DOCUMENT_TOO_LARGE too. */
  read(bucket: string, key: string, maximumBytes: number, signal: AbortSignal): Promise<ObjectContent | undefined>;
  close(): Promise<void>;
}
