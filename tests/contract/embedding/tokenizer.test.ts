import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import * as huggingFace from '@huggingface/tokenizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTokenizer } from '../../../src/adapters/embedding/tokenizer.ts';
import { createWordPieceEncoder, type WordPieceEncoder } from '../../../src/adapters/shared/wordPieceEncoder.ts';
import { modelDirectory } from './modelDirectory.ts';

interface Reference {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
}
const { Tokenizer } = huggingFace as unknown as { Tokenizer: new (tokenizer: object, config: object) => Reference };

let folder: string;
let encoder: WordPieceEncoder;
let reference: (text: string) => number[];
beforeAll(async () => {
  folder = await modelDirectory();
  encoder = createWordPieceEncoder(folder);
  const tokenizer = new Tokenizer(JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as object, {});
  reference = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
});

describe('equal to the reference tokenizer', () => {
  test.each([
    'The quick brown fox, 42 times: e-mail@example.org (2024–2025).',
    'ΑΣ ΟΔΟΣ İstanbul Straße ﬁne \u00a0no\u00adbreak zero\u200bwidth \ufeffmark',
    '中文和English混排 日本語テキスト 한국어 العربية हिन्दी',
    'e\u0301 é ñ n\u0303 \t tab\r\nline\u2028separator \u3000wide\u0085next \u000bvertical',
    '[SEP] inside[MASK] [sep] ' + 'x'.repeat(99) + ' ' + 'y'.repeat(101),
    '\u0000null \ufffd replaced 👩‍👩‍👧 emoji',
    '',
    '   ',
  ])('%j', (text) => {
    expect(encoder.encode(text)).toEqual(reference(text));
    expect(encoder.encode(text), 'from the cache').toEqual(reference(text));
  });

  test('on any text of the basic plane', () => {
    const unit = fc.oneof(fc.constantFrom(' ', '\n', '\t', '.', '-', 'a', 'Z', '0', '[', 'ing', 'é', 'Σ', '\u0301', '\u00a0', '中'), fc.string({ unit: 'grapheme', maxLength: 3 }).filter((text) => !/[\u{20000}-\u{2FA1F}]/u.test(text)));
    const texts = fc.array(unit, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(fc.property(texts, (text) => { expect(encoder.encode(text)).toEqual(reference(text)); }), { numRuns: 500 });
  });

  test('ideographs outside the basic plane are a token each, as in the Rust original', () => {
    const unknown = 100;
    const [letter] = reference('g');
    expect(encoder.encode('𠀀𠀁g𪛖')).toEqual([unknown, unknown, letter, unknown]);
  });
});

test('the limit cuts exactly, without looking at the rest', () => {
  const text = 'unbelievable tokenization '.repeat(400);
  expect(encoder.encode(text, 510)).toEqual(reference(text).slice(0, 510));
  const started = performance.now();
  encoder.encode('word '.repeat(2_000_000), 510);
  expect(performance.now() - started).toBeLessThan(100);
});

test('the tokenizer counts tokens without the special ones', () => {
  const tokenizer = createTokenizer(folder);
  expect(tokenizer.count('hello world')).toBe(2);
  expect(tokenizer.count('')).toBe(0);
  expect(tokenizer.count('a b\u0301 unbelievable')).toBe(reference('a b\u0301 unbelievable').length);
});

test('a folder without tokenizer.json is EMBEDDER_UNAVAILABLE and named', () => {
  expect(() => createTokenizer(join(folder, 'nothing'))).toThrow(expect.objectContaining({ code: 'EMBEDDER_UNAVAILABLE', message: expect.stringContaining('nothing') as string }));
});
