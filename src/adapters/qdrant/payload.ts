import { z } from 'zod';
import { chunkSchema } from '../../contracts/chunks.ts';
import { metadataSchema, sourceSchema } from '../../contracts/documents.ts';
import type { ChunkPayload } from '../../ports/vectorIndex.ts';
import { codeTerms } from '../../tenancy/codeTerms.ts';
import { languageTerms } from '../../tenancy/languageTerms.ts';
import { metadataKeys, metadataTerms } from '../../tenancy/metadataTerms.ts';
import { sourceHostOf } from '../../tenancy/sourceHost.ts';
import { understood } from './understood.ts';

/** What is stored: the payload itself, and copies of the parts that filters need in another form. */
export interface StoredPayload extends ChunkPayload {
  readonly tier: string;
  readonly metadataTerms: readonly string[];
  readonly metadataKeys: readonly string[];
  readonly languages: readonly string[];
  readonly sourceHost?: string | undefined;
  readonly codes: ReturnType<typeof codeTerms>;
}

export function toStored(payload: ChunkPayload): StoredPayload {
  return {
    ...payload,
    tier: payload.chunk.tier,
    metadataTerms: metadataTerms(payload.metadata),
    metadataKeys: metadataKeys(payload.metadata),
    languages: languageTerms(payload.language),
    sourceHost: sourceHostOf(payload.source),
    codes: codeTerms(payload.chunk.codes ?? []),
  };
}

const payloadSchema = z.object({
  tenant: z.string(),
  document: z.string(),
  version: z.string(),
  sequence: z.number(),
  visible: z.boolean(),
  title: z.string(),
  source: sourceSchema,
  tags: z.array(z.string()),
  policies: z.array(z.string()),
  metadata: metadataSchema,
  ingestedAt: z.string(),
  language: z.string().optional(),
  chunk: chunkSchema,
});

/** Throws INDEX_REJECTED where a point was not written by this product. */
export function fromStored(id: string, stored: unknown): ChunkPayload {
  return understood(payloadSchema, stored, `payload of point ${id}`);
}
