import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOnnxEmbedder } from '../../../src/adapters/embedding/onnxEmbedder.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import { modelDirectory } from './modelDirectory.ts';

let embedder: Embedder;
beforeAll(async () => {
  embedder = await createOnnxEmbedder({ modelDirectory: await modelDirectory(), threads: 2 });
});
afterAll(() => embedder.close());

const topics = ['the deadline for a refund of a season ticket', 'why the ferry does not run in a strong north wind', 'battery capacity after eight hundred charging cycles', 'who signs for dangerous goods at the berth'];
const queries = Array.from({ length: 64 }, (_unused, index) => `question ${index}: ${topics[index % topics.length]}`);

test('the event loop is free while 64 queries are embedded by the real model', async () => {
  await Promise.all(queries.map((query) => embedder.embedQuery(`warm up ${query}`)));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = performance.eventLoopUtilization();
  delay.enable();
  const started = performance.now();
  const vectors = await Promise.all(queries.map((query) => embedder.embedQuery(query)));
  const tookMs = performance.now() - started;
  const { utilization } = performance.eventLoopUtilization(before);
  delay.disable();
  const longestMs = delay.max / 1e6;
  console.info(`64 queries in ${tookMs.toFixed(0)} ms; event loop busy ${(utilization * 100).toFixed(0)} %, longest delay ${longestMs.toFixed(1)} ms, at the 99th percentile ${(delay.percentile(99) / 1e6).toFixed(1)} ms`);
  expect(new Set(vectors.map((vector) => Buffer.from(vector.buffer).toString('base64'))).size).toBe(64);
  // Were one query of them computed on this thread, the loop would be held up for its whole time, and with all of them be busy throughout.
  expect(utilization).toBeLessThan(0.5);
  expect(longestMs).toBeLessThan(Math.max(25, tookMs / 4));
});
