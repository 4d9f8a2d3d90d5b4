import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOnnxEmbedder } from '../../../src/adapters/embedding/onnxEmbedder.ts';
import { embeddingContractSchema } from '../../../src/contracts/embedding.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import type { HealthCheck } from '../../../src/ports/healthCheck.ts';
import { modelDirectory } from './modelDirectory.ts';

let embedder: Embedder & HealthCheck;
beforeAll(async () => {
  embedder = await createOnnxEmbedder({ modelDirectory: await modelDirectory(), threads: 2 });
});
afterAll(() => embedder.close());

const cosine = (left: Float32Array, right: Float32Array): number => left.reduce((sum, value, index) => sum + value * right[index]!, 0);

test('the contract is valid and names the model file by its digest', () => {
  expect(embeddingContractSchema.parse(embedder.contract)).toMatchObject({ model: 'bge-small-en-v1.5', dimension: 384, dtype: 'int8', pooling: 'cls', normalised: true, tokenLimit: 512 });
  expect(embedder.contract.revision).toMatch(/^[0-9a-f]{16}(-single1)?$/);
});

test('vectors have the dimension of the contract and length 1, in the order of the texts', async () => {
  const texts = ['a', 'a much longer text about the structure of proteins', '', 'middle length text'];
  const vectors = await embedder.embedPassages(texts);
  const single = await Promise.all(texts.map(async (text) => (await embedder.embedPassages([text]))[0]!));
  expect(vectors).toEqual(single);
  for (const vector of vectors) {
    expect(vector).toHaveLength(384);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  }
});

test('a vector is a pure function of its text: the same bytes in any company', async () => {
  const texts = Array.from({ length: 24 }, (_unused, index) => `Passage ${index}: ${'measured results of the trial '.repeat(1 + (index % 7))}`);
  const together = await embedder.embedPassages(texts);
  const [left, right] = await Promise.all([embedder.embedPassages(texts.slice(0, 9)), embedder.embedPassages(texts.slice(9))]);
  expect([...left, ...right]).toEqual(together);
});

/** The kernel counts a thread's time in ticks of some milliseconds: a single short text may count nothing. */
const shortTexts = 40;

test('the processor time of passages and queries is told, whoever asks beside it', async () => {
  const used = { long: 0, short: 0, query: 0 };
  const long = Array<string>(8).fill('measured results of the trial '.repeat(70));
  const short = Array.from({ length: shortTexts }, (_, index) => `short ${index}`);
  await Promise.all([embedder.embedPassages(long, undefined, (seconds) => (used.long += seconds)), embedder.embedPassages(short, undefined, (seconds) => (used.short += seconds))]);
  for (const query of short) await embedder.embedQuery(query, 'acme', (seconds) => (used.query += seconds));
  // A text of 350 tokens takes some 50 ms, a short one 3.5.
  expect(used.long).toBeGreaterThan(0.1);
  expect(used.short).toBeGreaterThan(0.01);
  expect(used.short).toBeLessThan(used.long);
  expect(used.query).toBeGreaterThan(0.01);
  expect(used.query).toBeLessThan(used.long);
});

test('a query finds its passage', async () => {
  const passages = await embedder.embedPassages([
    'Aspirin inhibits the production of prostaglandins and lowers fever.',
    'The parliament passed the budget after a long debate.',
    'Sourdough bread rises by wild yeast and lactic acid bacteria.',
  ]);
  const scores = await Promise.all(['how does aspirin reduce fever', 'law about public spending', 'baking with natural leaven'].map(async (query) => {
    const vector = await embedder.embedQuery(query);
    const scored = passages.map((passage) => cosine(vector, passage));
    return scored.indexOf(Math.max(...scored));
  }));
  expect(scores).toEqual([0, 1, 2]);
});

test('text over the token limit is cut at the limit', async () => {
  const head = 'protein folding '.repeat(255);
  const [cut, more] = await embedder.embedPassages([head, `${head} and then something else entirely`]);
  expect(more).toEqual(cut);
});

test('progress counts up to the number of texts', async () => {
  const seen: number[] = [];
  await embedder.embedPassages(['a', 'b', 'c', 'd', 'e'], (done) => seen.push(done));
  expect(seen).toEqual([...seen].sort((left, right) => left - right));
  expect(seen.at(-1)).toBe(5);
});

test('the main thread stays free while passages are embedded', async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const started = performance.now();
  await embedder.embedPassages(Array<string>(12).fill('measured results of the trial '.repeat(70)));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan((performance.now() - started) / 5 / 4);
});

test('the health check names model and revision, and gives up with its signal', async () => {
  expect(await embedder.check(AbortSignal.timeout(10_000))).toContain(embedder.contract.revision);
  await expect(embedder.check(AbortSignal.abort())).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
});

test('a missing or broken model is EMBEDDER_UNAVAILABLE, with the path', async () => {
  await expect(createOnnxEmbedder({ modelDirectory: join(tmpdir(), 'no-such-model') })).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE', message: expect.stringContaining('no-such-model') as string });
  const broken = await mkdtemp(join(tmpdir(), 'catalyst-model-'));
  await writeFile(join(broken, 'model.onnx'), 'not a model');
  await expect(createOnnxEmbedder({ modelDirectory: broken, threads: 1 })).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE', message: expect.stringContaining(broken) as string });
  await rm(broken, { recursive: true });
});

test('it can be closed while it loads the model and while it computes: what waits fails, the process lives', async () => {
  for (let round = 0; round < 5; round += 1) {
    const another = await createOnnxEmbedder({ modelDirectory: await modelDirectory(), threads: 2 });
    const waiting = expect(another.embedPassages(Array<string>(12).fill('measured results of the trial '.repeat(70)))).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
    await another.close();
    await waiting;
  }
}, 60_000);

test.runIf(process.platform === 'linux')('its threads give way where they are told to, and no other thread of the process does', async () => {
  const before = await prioritiesOfThreads();
  const background = await createOnnxEmbedder({ modelDirectory: await modelDirectory(), threads: 2, givesWay: true });
  const after = await prioritiesOfThreads();
  const started = [...after].filter(([thread]) => !before.has(thread)).map(([, priority]) => priority);
  expect(started.filter((priority) => priority === 10).length).toBeGreaterThanOrEqual(1);
  for (const [thread, priority] of before) expect(after.get(thread) ?? priority).toBe(priority);
  await background.close();
});

/** Nice value by thread of this process. */
async function prioritiesOfThreads(): Promise<Map<string, number>> {
  const threads = await readdir('/proc/self/task');
  const stats = await Promise.all(threads.map((thread) => readFile(`/proc/self/task/${thread}/stat`, 'utf8').catch(() => '')));
  return new Map(threads.map((thread, place) => [thread, Number(stats[place]?.split(') ')[1]?.split(' ')[16] ?? Number.NaN)]));
}
