import type { EmbeddingContract } from '../contracts/embedding.ts';

export interface EmbeddedPassage {
  readonly vector: Float32Array;
  /** Of some of its tokens, `dimension` / 8 bytes each: bit i of byte j is set where dimension 8j + i of the token's vector is positive. */
  readonly tokenCodes: Uint8Array;
}

/** Told of seconds of a processor, in parts as they come. */
export type OnProcessorTime = (seconds: number) => void;

/** What late interaction takes: each word of a query finds the word of a passage that is nearest in meaning. Throws as the embedder does. */
export interface TokenVectors {
  /** Names model and form: codes and vectors of two versions cannot be compared. */
  readonly version: string;
  /** The vectors that the embedder's own `embedPassages` gives, and codes, at one go. */
  embedPassages(texts: readonly string[], onProgress?: (done: number) => void, onProcessorTime?: OnProcessorTime): Promise<EmbeddedPassage[]>;
  /** One vector of length 1 a token that says something. */
  embedQueryTokens(text: string, tenant?: string, onProcessorTime?: OnProcessorTime): Promise<Float32Array[]>;
}

/** Turns texts into vectors of the contract's dimension. Texts over the token limit are cut at the limit. */
export interface Embedder {
  readonly contract: EmbeddingContract;
  /**
   * One vector a text, in order. `onProgress` is called after each batch with the number of texts done so far.
   * `onProcessorTime` is told of the processor time of this machine, by an embedder that uses it.
   * Throws EMBEDDER_UNAVAILABLE, EMBEDDER_RATE_LIMITED (with the time to wait) or EMBEDDER_REJECTED.
   */
  embedPassages(texts: readonly string[], onProgress?: (done: number) => void, onProcessorTime?: OnProcessorTime): Promise<Float32Array[]>;
  /** `tenant`: who asks, for those who keep vectors or count; without it nothing is kept. */
  embedQuery(text: string, tenant?: string, onProcessorTime?: OnProcessorTime): Promise<Float32Array>;
  /** Of models that give the vectors of single tokens as well, where the deployment keeps them. */
  readonly tokenVectors?: TokenVectors;
  close(): Promise<void>;
}
