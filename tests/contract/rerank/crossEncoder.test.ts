import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCrossEncoderReranker } from '../../../src/adapters/rerank/crossEncoderReranker.ts';
import { createPairEncoder } from '../../../src/adapters/rerank/pairEncoder.ts';
import { makeOverlapModel } from './overlapModel.ts';

/** The model is a small graph made here: its logit is the number of equal token pairs, and 1 (overlapModel.ts). The code is all of what runs with a real one. */
let modelDirectory: string;
beforeAll(async () => {
  modelDirectory = await makeOverlapModel();
});
afterAll(() => rm(modelDirectory, { recursive: true }));

const open = new AbortController().signal;
const create = (threads: number, answerWithinMs = 10_000, directory = modelDirectory) => createCrossEncoderReranker({ modelDirectory: directory, model: 'overlap', threads, answerWithinMs });

test('a score is what the model makes of [CLS] query [SEP] passage [SEP], whatever else is scored', async () => {
  const reranker = await create(2);
  const texts = ['the moon', 'the the moon', 'bread', '', 'The MOON, the spring'];
  const scores = await reranker.rerank('the moon', texts.map((text, index) => ({ id: String(index), text })), open);
  expect([...scores]).toEqual([['0', 3], ['1', 4], ['2', 1], ['3', 1], ['4', 4]]);
  expect(await reranker.rerank('the moon', [{ id: '1', text: 'the the moon' }], open)).toEqual(new Map([['1', 4]]));
  await reranker.close();
});

test('pairs are cut to 512 tokens, the longer of the two first', async () => {
  const encode = createPairEncoder(modelDirectory, 512);
  const many = (count: number): string => 'moon '.repeat(count);
  const shape = (query: string, passage: string): number[] => {
    const { ids, passageStart } = encode(query)(passage);
    return [ids.length, passageStart - 2, ids.length - passageStart - 1];
  };
  expect(shape(many(3), many(5))).toEqual([11, 3, 5]);
  expect(shape(many(3), many(600))).toEqual([512, 3, 506]);
  expect(shape(many(600), many(5))).toEqual([512, 504, 5]);
  expect(shape(many(600), many(600))).toEqual([512, 254, 255]);
  expect(encode('moon')('bread').ids).toEqual([2, 19, 3, 12, 3]);
  const reranker = await create(1);
  expect(await reranker.rerank(many(600), [{ id: 'a', text: many(600) }], open)).toEqual(new Map([['a', 254 * 255 + 1]]));
  await reranker.close();
});

test('answers in time with what is done by then, from the first on', async () => {
  const reranker = await create(2, 300);
  const candidates = Array.from({ length: 4_000 }, (_unused, index) => ({ id: String(index), text: 'moon '.repeat(600) }));
  const started = performance.now();
  const scores = await reranker.rerank('moon', candidates, open);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(scores.size).toBeGreaterThan(0);
  expect(scores.size).toBeLessThan(4_000);
  expect(scores.has('0')).toBe(true);
  expect(Math.max(...[...scores.keys()].map(Number))).toBeLessThan(scores.size + 16);
  expect((await reranker.rerank('moon', candidates.slice(0, 10), open)).size).toBe(10);
  await reranker.close();
});

test('the main thread stays free', async () => {
  const reranker = await create(1);
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const started = performance.now();
  await reranker.rerank('moon '.repeat(300), Array.from({ length: 300 }, (_unused, index) => ({ id: String(index), text: 'moon '.repeat(300) })), open);
  clearInterval(timer);
  expect(performance.now() - started).toBeGreaterThan(50);
  expect(ticks).toBeGreaterThan((performance.now() - started) / 5 / 4);
  await reranker.close();
});

test('it can be closed while it computes, again and again: the process lives', async () => {
  for (let round = 0; round < 5; round += 1) {
    const reranker = await create(2);
    const running = reranker.rerank('moon', Array.from({ length: 2_000 }, (_unused, index) => ({ id: String(index), text: 'moon '.repeat(600) })), open).then(
      (scores) => expect(scores.size).toBeLessThan(2_000),
      (error: unknown) => expect(error).toMatchObject({ code: 'RERANKER_UNAVAILABLE', message: 'The cross-encoder was done with no passage in time.' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 20 * round));
    await reranker.close();
    await running;
  }
}, 60_000);

test('a folder without a cross-encoder is refused at start, with what is wrong', async () => {
  const refused = (message: RegExp) => ({ code: 'RERANKER_UNAVAILABLE', message: expect.stringMatching(message) as string });
  await expect(create(1, 1_000, join(tmpdir(), 'no-such-model'))).rejects.toMatchObject(refused(/no-such-model.*ENOENT/));

  const broken = await mkdtemp(join(tmpdir(), 'catalyst-cross-encoder-'));
  await writeFile(join(broken, 'model.onnx'), 'not a model');
  await expect(create(2, 1_000, broken)).rejects.toMatchObject(refused(/cannot be loaded from .*model\.onnx/));
  await rm(broken, { recursive: true });

  const classifier = await makeOverlapModel(2);
  await expect(create(1, 1_000, classifier)).rejects.toMatchObject(refused(/answers 2 numbers for a pair/));
  await rm(classifier, { recursive: true });

  const other = await makeOverlapModel();
  await writeFile(join(other, 'tokenizer.json'), JSON.stringify({ model: { type: 'Unigram', vocab: [] } }));
  await expect(create(1, 1_000, other)).rejects.toMatchObject(refused(/tokenizer\.json.*not the tokenizer of a BERT cross-encoder/));
  await rm(other, { recursive: true });
});
