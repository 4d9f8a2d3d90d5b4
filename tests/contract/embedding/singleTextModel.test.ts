import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { createWordPieceEncoder } from '../../../src/adapters/shared/wordPieceEncoder.ts';
import { readOnnxModel, writeOnnxModel } from '../../../src/adapters/embedding/onnxGraph.ts';
import { forSingleTexts } from '../../../src/adapters/embedding/singleTextModel.ts';
import { modelDirectory } from './modelDirectory.ts';

let original: Uint8Array;
let folder: string;
beforeAll(async () => {
  folder = await modelDirectory();
  original = await readFile(join(folder, 'model.onnx'));
});

const texts = [
  'a',
  'Aspirin inhibits the production of prostaglandins and lowers fever.',
  'The parliament passed the budget after a long debate about public spending. '.repeat(4),
  'Sourdough bread rises by wild yeast and lactic acid bacteria. '.repeat(20),
  'Alterations of the architecture of cerebral white matter in the developing human brain can affect cortical development. '.repeat(24),
];

async function embed(model: Uint8Array): Promise<number[][]> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const encoder = createWordPieceEncoder(folder);
  const vectors: number[][] = [];
  for (const text of texts) {
    const ids = BigInt64Array.from([101, ...encoder.encode(text, 510), 102], BigInt);
    const shape = [1, ids.length];
    const output = await session.run({
      input_ids: new Tensor('int64', ids, shape),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
      token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
    });
    const row = [...(output['last_hidden_state']!.data as Float32Array).subarray(0, 384)];
    const length = Math.hypot(...row);
    vectors.push(row.map((value) => value / length));
  }
  await session.release();
  return vectors;
}
const cosine = (left: readonly number[], right: readonly number[]): number => left.reduce((sum, value, index) => sum + value * right[index]!, 0);

test('the changed model gives the vectors of the original, but for rounding, and keeps them apart as it does', async () => {
  const changed = forSingleTexts(original);
  expect(changed, 'the pinned model has the graph that is known').toBeDefined();
  const [before, after] = [await embed(original), await embed(changed!)];
  for (const [index, vector] of after.entries()) expect(cosine(vector, before[index]!)).toBeGreaterThan(0.997);
  for (const left of texts.keys()) {
    for (const right of texts.keys()) expect(cosine(after[left]!, after[right]!)).toBeCloseTo(cosine(before[left]!, before[right]!), 1);
  }
});

test('reading and writing a model changes nothing that counts', async () => {
  const copy = writeOnnxModel(readOnnxModel(original));
  expect(copy).toHaveLength(original.length);
  expect(await embed(copy)).toEqual(await embed(original));
});

test('a model with another graph is left as it is', () => {
  const model = readOnnxModel(original);
  const without = model.nodes.filter(({ outputs }) => outputs[0] !== '/encoder/layer.7/attention/self/Reshape_3_output_0');
  expect(forSingleTexts(writeOnnxModel({ ...model, nodes: without }))).toBeUndefined();
  expect(forSingleTexts(forSingleTexts(original)!)).toBeUndefined();
});

test('what is no model is refused', () => {
  expect(() => forSingleTexts(Buffer.from('not a model'))).toThrow(RangeError);
  expect(() => forSingleTexts(original.subarray(0, original.length - 10))).toThrow(RangeError);
});
