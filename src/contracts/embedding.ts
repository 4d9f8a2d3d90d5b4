import { z } from 'zod';
import { digestOfJson } from './identifiers.ts';

/** Everything that must be equal for two vectors to be comparable. Stored with the generation and checked at readiness. */
export const embeddingContractSchema = z.object({
  model: z.string(),
  revision: z.string(),
  dimension: z.int().min(1),
  normalised: z.boolean(),
  dtype: z.enum(['float32', 'int8']),
  pooling: z.enum(['cls', 'mean', 'unknown']),
  queryPrefix: z.string(),
  passagePrefix: z.string(),
  tokenLimit: z.int().min(1),
});
export type EmbeddingContract = z.infer<typeof embeddingContractSchema>;

/** 12 hexadecimal digits that stand for the contract in keys and collection names. */
export function contractFingerprint(contract: EmbeddingContract): string {
  return digestOfJson(contract).slice('sha256:'.length, 'sha256:'.length + 12);
}
