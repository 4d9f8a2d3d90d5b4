import type { Readable } from 'node:stream';

export interface IndexSnapshot {
  /** Of the file, as the database tells it; undefined where it tells none. */
  readonly checksum: string | undefined;
  open(): Promise<Readable>;
  /** At the database, whose disk it fills. */
  remove(): Promise<void>;
}

/** The vector database's own copies of a generation. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface IndexSnapshots {
  /** Undefined where the server makes none. */
  take(generation: string): Promise<IndexSnapshot | undefined>;
}
