import { z } from 'zod';

/** How a chunk was made. */
export const tiers = ['title', 'summary', 'section', 'passage', 'table', 'code'] as const;
export const tierSchema = z.enum(tiers).meta({ id: 'Tier', description: 'How a chunk was made.' });
export type Tier = z.infer<typeof tierSchema>;

export const labelSchema = z.string().min(1).max(63).regex(/^[\p{L}\p{N}][\p{L}\p{N} ._:/-]*$/u, 'letters, digits and " ._:/-"');
export const metadataValueSchema = z.union([z.string().max(2000), z.number(), z.boolean(), z.array(z.string().max(500)).max(100)]);
export const metadataKeyPattern = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
export const metadataSchema = z
  .record(z.string().regex(metadataKeyPattern, 'a letter, then letters, digits, "_" or "-"'), metadataValueSchema)
  .refine((value) => Object.keys(value).length <= 50, 'at most 50 keys')
  .meta({ id: 'Metadata', description: 'Own fields of the caller: strings, numbers, booleans or lists of strings; filterable.' });
export type Metadata = z.infer<typeof metadataSchema>;

/** What may accompany a document whatever its source. */
const documentAttributes = {
  id: z.string().min(1).max(500).optional().meta({ description: 'Chosen identity within the tenant: the same id is the same document. Without it the source names the document.' }),
  title: z.string().min(1).max(500).optional(),
  metadata: metadataSchema.default({}),
  tags: z.array(labelSchema).max(50).default([]),
  tier: tierSchema.optional().meta({ description: 'Set for the passages of a document that is itself, say, a summary.' }),
  policies: z.array(labelSchema).max(50).default([]).meta({ description: 'Labels a caller must hold, all of them, to see the document.' }),
};

export const maximumInlineTextCharacters = 1_000_000;

export const textDocumentSchema = z.strictObject({ ...documentAttributes, text: z.string().max(maximumInlineTextCharacters), mediaType: z.enum(['text/plain', 'text/markdown', 'text/html']).default('text/plain') });
export const urlDocumentSchema = z.strictObject({ ...documentAttributes, url: z.url({ protocol: /^https?$/ }).max(2048) });
export const uploadDocumentSchema = z.strictObject({ ...documentAttributes, uploadId: z.uuid() });
export const artifactDocumentSchema = z.strictObject({ ...documentAttributes, artifactUri: z.string().startsWith('s3://').max(2048), mediaType: z.string().max(200).optional() });

export const documentRequestSchema = z
  .union([textDocumentSchema, urlDocumentSchema, uploadDocumentSchema, artifactDocumentSchema])
  .meta({ id: 'DocumentRequest', description: 'A document to ingest; exactly one of text, url, uploadId, artifactUri.' });
export type DocumentRequest = z.infer<typeof documentRequestSchema>;

export const sourceTypes = ['text', 'url', 'upload', 'artifact', 'bucket', 'attachment'] as const;
export type SourceType = (typeof sourceTypes)[number];

/** Where a document comes from, as it is kept and shown. `location` is the url, file name, artifact address, chosen id, `BUCKET/KEY`, or the name of the attachment. */
export const sourceSchema = z.object({ type: z.enum(sourceTypes), location: z.string() }).meta({ id: 'Source' });
export type Source = z.infer<typeof sourceSchema>;
