/** Counts tokens as the embedding model does. Pure and synchronous: the chunker calls it often. */
export interface Tokenizer {
  /** Tokens of the text without special tokens. */
  count(text: string): number;
}
