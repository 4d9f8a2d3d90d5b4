import type { EmbeddingContract } from '../contracts/embedding.ts';

/** Turns texts into vectors of the contract's dimension. Texts over the token limit are cut at the limit. */
export interface Embedder {
  readonly contract: EmbeddingContract;
  /**
   * One vector a text, in order. `onProgress` is called after each batch with the number of texts done so far.
   * Throws EMBEDDER_UNAVAILABLE, EMBEDDER_RATE_LIMITED (with the time to wait) or EMBEDDER_REJECTED.
   */
  embedPassages(texts: readonly string[], onProgress?: (done: number) => void): Promise<Float32Array[]>;
  /** `tenant`: who asks, for those who keep vectors; without it nothing is kept. */
  embedQuery(text: string, tenant?: string): Promise<Float32Array>;
  close(): Promise<void>;
}
