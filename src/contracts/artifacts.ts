import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

export const artifactKinds = ['raw', 'text', 'chunks', 'vectors', 'manifest', 'part'] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

/**
 * Where some bytes lie: a range of an object in S3 (small artifacts are packed together into one object),
 * with the digest of exactly those bytes, checked on every read.
 */
export const artifactReferenceSchema = z.object({
  /** s3://bucket/key */
  uri: z.string().startsWith('s3://'),
  /** First byte of the artifact within the object. */
  offset: z.int().min(0),
  /** Bytes. */
  length: z.int().min(0),
  digest: digestSchema,
  mediaType: z.string(),
});
export type ArtifactReference = z.infer<typeof artifactReferenceSchema>;

/** How a version names vectors that another model than the first has made of it; `model`: the fingerprint of the embedding contract. */
export const modelVectorsKind = (model: string): string => `vectors@${model}`;

/** How a version names passages that a recut has made of it (`Recut.id`). */
export const recutChunksKind = (recut: string): string => `chunks#${recut}`;

/** And vectors of those. */
export const recutVectorsKind = (recut: string, model: string): string => `vectors#${recut}@${model}`;
