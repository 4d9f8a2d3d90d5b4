import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { createWordPieceEncoder } from '../shared/wordPieceEncoder.ts';

/** Token ids of `[CLS] query [SEP] passage [SEP]`. */
export interface EncodedPair {
  readonly ids: readonly number[];
  /** The passage begins here. */
  readonly passageStart: number;
}

const bertSchema = z.object({ model: z.object({ type: z.literal('WordPiece'), vocab: z.object({ '[CLS]': z.int(), '[SEP]': z.int() }) }) });
const specialTokens = 3;

/**
 * Encodes pairs as BERT's cross-encoders were trained: what is too long is cut, the longer of the two first. The query is looked at once.
 * Throws RERANKER_UNAVAILABLE where `tokenizer.json` cannot be read, or is not one of word pieces.
 */
export function createPairEncoder(modelDirectory: string, tokenLimit: number): (query: string) => (passage: string) => EncodedPair {
  const { '[CLS]': start, '[SEP]': separator } = readSpecialTokens(join(modelDirectory, 'tokenizer.json'));
  const encoder = createWordPieceEncoder(modelDirectory, 'RERANKER_UNAVAILABLE');
  const room = tokenLimit - specialTokens;
  return (query) => {
    const queryIds = encoder.encode(query, room);
    return (passage) => {
      const passageIds = encoder.encode(passage, room);
      const queryShare = Math.min(queryIds.length, Math.max(Math.floor(room / 2), room - passageIds.length));
      return { ids: [start, ...queryIds.slice(0, queryShare), separator, ...passageIds.slice(0, room - queryShare), separator], passageStart: queryShare + 2 };
    };
  };
}

function readSpecialTokens(path: string): { readonly '[CLS]': number; readonly '[SEP]': number } {
  try {
    return bertSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).model.vocab;
  } catch (error) {
    throw new CatalystError('RERANKER_UNAVAILABLE', `${path} cannot be read, or is not the tokenizer of a BERT cross-encoder (word pieces with [CLS] and [SEP]).`, { cause: error });
  }
}
