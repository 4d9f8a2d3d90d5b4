import type { Principal } from '../contracts/principal.ts';
import type { SparseVector } from './vectorIndex.ts';

export interface LabelHit {
  readonly documentId: string;
  readonly title: string;
  readonly headings: readonly string[];
  /** Of two versions of one document the higher is the newer. */
  readonly sequence: number;
}

export interface WordCount {
  /** As stored: see retrieval/vocabulary/words.ts. */
  readonly entry: string;
  /** Documents that list the word. */
  readonly count: number;
}

/** Words of the passages that a caller may see. Every call is scoped by the principal. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface Vocabulary {
  /** Passages at which a title or heading first stands that has a word with each of these beginnings; any `limit` of them. */
  findLabels(principal: Principal, kind: 'title' | 'heading', beginnings: readonly string[], limit: number): Promise<readonly LabelHit[]>;
  /** The word lists of passages that list a word with this beginning: of more than `limit` passages an even sample of them. */
  sampleWords(principal: Principal, beginning: string, limit: number): Promise<readonly (readonly string[])[]>;
  /** All words, the most frequent `limit` of them. Reads every word list: about 0.2 s for 100,000 passages. */
  listWords(principal: Principal, limit: number): Promise<readonly WordCount[]>;
  /** For each vector whether any passage holds one of its terms. */
  holdTerms(principal: Principal, vectors: readonly SparseVector[]): Promise<readonly boolean[]>;
}
