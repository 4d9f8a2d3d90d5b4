import { z } from 'zod';
import { foundCodeSchema } from './codes/codeSystems.ts';
import { tierSchema } from './documents.ts';
import { riskSchema } from './risk.ts';

/** A passage with its place in the document. `start` and `end` are UTF-16 offsets into the parsed text; `text` is that slice. */
export const chunkSchema = z.object({
  ordinal: z.int().min(0),
  tier: tierSchema,
  text: z.string(),
  start: z.int().min(0),
  end: z.int().min(0),
  /** Headings above the passage, outermost first. */
  headings: z.array(z.string()),
  page: z.int().min(1).optional(),
  pageEnd: z.int().min(1).optional(),
  /** Tokens of the embedded text (title, heading path and passage) by the embedder's own tokenizer. */
  tokens: z.int().min(0),
  /** Codes of classifications such as ICD-10 in the passage, its headings or its title; none: not set. */
  codes: z.array(foundCodeSchema).optional(),
  /** What the passage, or the document around it, holds that is meant for a model rather than for people; nothing: not set. */
  risk: riskSchema.optional(),
});
export type Chunk = z.infer<typeof chunkSchema>;

/** All chunks of one version of a document, with the title that accompanies each of them. */
export const chunkedDocumentSchema = z.object({ title: z.string(), language: z.string().optional(), chunks: z.array(chunkSchema) });
export type ChunkedDocument = z.infer<typeof chunkedDocumentSchema>;

export const chunkingSettingsSchema = z.object({
  /** Most tokens of an embedded text, title and headings included; never above the model's limit. */
  maximumTokens: z.int().min(64).max(8192),
  /** Tokens repeated from the end of the previous chunk of the same section. */
  overlapTokens: z.int().min(0).max(512),
});
export type ChunkingSettings = z.infer<typeof chunkingSettingsSchema>;

/** The text that is embedded for a chunk; what is shown is `chunk.text` alone. */
export function embeddedTextOf(title: string, chunk: Pick<Chunk, 'headings' | 'text'>): string {
  const context = [title, ...chunk.headings.filter((heading) => heading !== title)].filter((part) => part !== '').join(' > ');
  return context === '' ? chunk.text : `${context}\n${chunk.text}`;
}
