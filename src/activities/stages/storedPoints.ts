import type { ChunkedDocument } from '../../contracts/chunks.ts';
import type { VersionManifest } from '../../contracts/ingestion.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import { documentPoints } from './documentPoints.ts';
import { decodeJson, decodeVectors } from './encoding.ts';
import { withoutQuarantined } from './quarantine.ts';

/** A version that searches are to find, now or as of an earlier time, as the registry has it, and what is stored of it. */
export interface StoredVersion {
  readonly tenant: string;
  readonly document: { readonly documentId: string; readonly versionId: string; readonly sequence: number; readonly policies: readonly string[] };
  readonly visibleFrom: Date;
  /** Null: it is visible now. */
  readonly visibleUntil: Date | null;
  readonly manifest: VersionManifest;
  /** Numbers of a vector. */
  readonly dimension: number;
  /** That cut the passages anew; null: they came with the version. */
  readonly recut: string | null;
  /** The artifacts, as they were stored. */
  readonly chunks: Uint8Array;
  readonly vectors: Uint8Array;
  /** RFC 3339. */
  readonly ingestedAt: string;
  readonly tokensVersion: string | undefined;
}

/** The points of a version as it is published, of its artifacts alone and without a model. */
export function storedPoints({ tenant, document, visibleFrom, visibleUntil, manifest, dimension, recut, chunks, vectors, ingestedAt, tokensVersion }: StoredVersion): Generator<IndexPoint> {
  const whole = decodeJson<ChunkedDocument>(chunks);
  return documentPoints({
    tenant,
    document,
    specification: manifest.specification,
    policies: document.policies,
    visible: visibleUntil === null,
    visibleFrom: visibleFrom.getTime(),
    ...(visibleUntil === null ? {} : { visibleUntil: visibleUntil.getTime() }),
    ingestedAt,
    recut,
    chunked: { ...whole, chunks: [...withoutQuarantined(whole.chunks, manifest).kept] },
    vectors: decodeVectors(vectors, dimension, whole.chunks.length),
    tokensVersion,
  });
}
