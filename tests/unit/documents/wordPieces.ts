import * as huggingFace from '@huggingface/tokenizers';
import type { Tokenizer } from '../../../src/ports/tokenizer.ts';

/** Frequent words are one piece, others are spelled: a WordPiece tokenizer by the library that the product uses, with a vocabulary small enough for a test. */
const words = ['the', 'of', 'and', 'search', 'index', 'document', 'a', 'to', 'in', 'is', 'that', 'for', 'with', 'text', 'heading', 'table', 'word', 'sentence'];

function vocabulary(): Record<string, number> {
  const letters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((letter) => letter === letter.toLowerCase());
  const entries = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...words, ...letters.filter((letter) => !words.includes(letter)), ...letters.map((letter) => `##${letter}`), ...words.map((word) => `##${word}`)];
  return Object.fromEntries(entries.map((entry, index) => [entry, index]));
}

/** The library's own types cannot be resolved by the compiler settings of this project. */
interface Library {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: readonly number[] };
}
const { Tokenizer: LibraryTokenizer } = huggingFace as unknown as { Tokenizer: new (definition: unknown, settings: unknown) => Library };

const library = new LibraryTokenizer(
  {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: vocabulary() },
  },
  {},
);

export const wordPieces: Tokenizer = { count: (text) => library.encode(text, { add_special_tokens: false }).ids.length };
