import { z } from 'zod';
import { artifactReferenceSchema } from './artifacts.ts';
import { contentRulesSchema } from './contentRules.ts';
import { labelSchema, metadataSchema, sourceSchema, tierSchema } from './documents.ts';
import { fetchRecordSchema } from './fetched.ts';

/** Where the bytes of an accepted document come from. */
export const originSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url'), url: z.string() }),
  z.object({
    type: z.literal('stored'),
    reference: artifactReferenceSchema,
    mediaType: z.string().optional(),
    fileName: z.string().optional(),
    /** Base of relative links, where the bytes came from the web. */
    url: z.string().optional(),
    /** Title that the fetch service told. */
    title: z.string().optional(),
    fetched: fetchRecordSchema.optional(),
  }),
  z.object({ type: z.literal('artifact'), uri: z.string(), mediaType: z.string().optional() }),
]);
export type Origin = z.infer<typeof originSchema>;

/** A validated document of a job: what ingestion needs to know, without its content. */
export const documentSpecificationSchema = z.object({
  index: z.int().min(0),
  documentId: z.uuid(),
  /** The canonical key that named the document. */
  sourceKey: z.string(),
  source: sourceSchema,
  origin: originSchema,
  title: z.string().optional(),
  metadata: metadataSchema,
  tags: z.array(labelSchema),
  tier: tierSchema.optional(),
  policies: z.array(labelSchema),
  /** Rules of its source, besides those of the tenant. */
  ...contentRulesSchema.shape,
  /** Bytes where known at acceptance: small stored documents are ingested several at a time. */
  bytes: z.int().min(0).optional(),
  /** The registered source whose run brought the document. */
  sourceId: z.uuid().optional(),
  /** The document that this one was attached to. */
  parentId: z.uuid().optional(),
});
export type DocumentSpecification = z.infer<typeof documentSpecificationSchema>;
