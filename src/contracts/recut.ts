import { z } from 'zod';
import { chunkingSettingsSchema } from './chunks.ts';
import type { ChunkingSettings } from './chunks.ts';

/** All that decides how a text is cut: the same chunker cuts the same text the same way. */
export const chunkerSchema = chunkingSettingsSchema.extend({ version: z.string().meta({ description: 'Of the code that cuts.' }) }).meta({ id: 'Chunker' });
export type Chunker = z.infer<typeof chunkerSchema>;

/**
 * A cutting of documents for a generation of the index. A version has the passages that it came with and, for each recut that cut it otherwise,
 * those; a generation shows those of its recut where there are any, else those that the version came with.
 */
export const recutSchema = z
  .object({
    id: z.string().meta({ description: 'Names the passages that were cut for it.' }),
    chunker: chunkerSchema,
  })
  .meta({ id: 'Recut' });
export type Recut = z.infer<typeof recutSchema>;

export function isSameChunker(left: Chunker, right: Chunker): boolean {
  return left.version === right.version && hasSettings(left, right);
}

export function hasSettings(chunker: ChunkingSettings, settings: ChunkingSettings): boolean {
  return chunker.maximumTokens === settings.maximumTokens && chunker.overlapTokens === settings.overlapTokens;
}
