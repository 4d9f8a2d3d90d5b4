import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as huggingFace from '@huggingface/tokenizers';
import { CatalystError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';

/** The library's own declarations do not resolve under "nodenext"; this is the part that is used. */
interface ReferenceTokenizer {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
}
const { Tokenizer: ReferenceTokenizer } = huggingFace as unknown as { readonly Tokenizer: new (tokenizer: object, config: object) => ReferenceTokenizer };

/** Token ids of texts, without special tokens. */
export interface WordPieceEncoder {
  /** At most `limit` ids: the rest of the text is not looked at. */
  encode(text: string, limit?: number): number[];
  count(text: string): number;
}

/** The cache holds at most two generations of so many words: about 10 MB. */
const wordsInGeneration = 30_000;
/** Longer words are rarely seen twice. */
const longestCachedWord = 40;
/** Only these: what else counts as a space (or as nothing) is for the tokenizer itself to say. */
const wordPattern = /[^ \t\n\r]+/g;
/** Ideographs outside the basic plane are words of their own; the library sees them as two halves and misses that. */
const ideographPattern = /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

/**
 * Encodes as `tokenizer.json` of the model says, remembering the ids of each word. BERT's word pieces never cross
 * a space, so the ids of a text are those of its words: measured 0.04 ms of processor time
 * for 300 tokens, against 0.37 ms for encoding whole texts.
 * Throws EMBEDDER_UNAVAILABLE, or the code of whoever else has the model, where the file cannot be read.
 */
export function createWordPieceEncoder(modelDirectory: string, unavailable: ErrorCode = 'EMBEDDER_UNAVAILABLE'): WordPieceEncoder {
  const tokenizer = loadTokenizer(join(modelDirectory, 'tokenizer.json'), unavailable);
  let recent = new Map<string, readonly number[]>();
  let earlier = new Map<string, readonly number[]>();

  function remember(word: string, ids: readonly number[]): void {
    if (recent.size >= wordsInGeneration) [earlier, recent] = [recent, new Map<string, readonly number[]>()];
    recent.set(word, ids);
  }
  function idsOf(word: string): readonly number[] {
    const known = recent.get(word);
    if (known !== undefined) return known;
    const ids = earlier.get(word) ?? tokenizer.encode(word.replace(ideographPattern, ' $& '), { add_special_tokens: false }).ids;
    if (word.length <= longestCachedWord) remember(word, ids);
    return ids;
  }
  return {
    encode(text, limit = Infinity) {
      const ids: number[] = [];
      const words = new RegExp(wordPattern);
      for (let match = words.exec(text); match !== null; match = words.exec(text)) {
        for (const id of idsOf(match[0])) ids.push(id);
        if (ids.length >= limit) return ids.slice(0, limit);
      }
      return ids;
    },
    count(text) {
      let count = 0;
      const words = new RegExp(wordPattern);
      for (let match = words.exec(text); match !== null; match = words.exec(text)) count += idsOf(match[0]).length;
      return count;
    },
  };
}

function loadTokenizer(path: string, unavailable: ErrorCode): ReferenceTokenizer {
  try {
    return new ReferenceTokenizer(JSON.parse(readFileSync(path, 'utf8')) as object, {});
  } catch (error) {
    throw new CatalystError(unavailable, `The tokenizer of the model cannot be loaded from ${path}.`, { cause: error });
  }
}
