import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConfiguredReranker } from '../../../src/adapters/rerank/configuredReranker.ts';
import type { RerankingConfig } from '../../../src/config/config.ts';
import type { RerankProvider } from '../../../src/contracts/rerank.ts';
import type { RerankCandidate, Reranker } from '../../../src/ports/reranker.ts';
import { makeOverlapModel } from './overlapModel.ts';
import { startRerankServer } from './rerankServer.ts';
import type { RerankServer } from './rerankServer.ts';

/** What every adapter keeps, whatever is behind it. */
let server: RerankServer;
let modelDirectory: string;
let reranker: Reranker;
beforeAll(async () => {
  modelDirectory = await makeOverlapModel();
});
afterAll(() => rm(modelDirectory, { recursive: true }));

const common = { model: 'm', timeoutMs: 5_000, candidates: 50, apiKey: 'secret' };
const configs: Readonly<Record<RerankProvider, () => RerankingConfig>> = {
  cohere: () => ({ ...common, provider: 'cohere', baseUrl: `${server.url}/v2` }),
  endpoint: () => ({ ...common, provider: 'endpoint', baseUrl: `${server.url}/v1/` }),
  tei: () => ({ ...common, provider: 'tei', baseUrl: server.url }),
  judge: () => ({ ...common, provider: 'judge', baseUrl: `${server.url}/v1` }),
  'cross-encoder': () => ({ ...common, provider: 'cross-encoder', modelDirectory, threads: 2 }),
};

const query = 'What is the capital of France';
const paris = { id: 'p', text: 'Paris is the capital of France.' };
const moon = { id: 'm', text: 'Spring tides follow the new moon' };
const bread = { id: 'b', text: 'Bread rises by wild yeast' };
const open = new AbortController().signal;

describe.each(Object.entries(configs))('%s', (provider, config) => {
  beforeEach(async () => {
    server = await startRerankServer();
    reranker = await createConfiguredReranker(config());
  });
  afterEach(async () => {
    await reranker.close();
    await server.close();
  });

  test('says who it is', () => {
    expect(reranker).toMatchObject({ name: 'reranker', provider, model: expect.stringMatching(/^m(@[0-9a-f]{16})?$/) as string });
  });

  test('scores by id, the better passage higher, wherever it stands', async () => {
    for (const candidates of [[paris, moon, bread], [bread, moon, paris], [moon, paris, bread]]) {
      const scores = await reranker.rerank(query, candidates, open);
      const order = [...scores].sort(([, left], [, right]) => right - left).map(([id]) => id);
      expect(order).toEqual(['p', 'm', 'b']);
    }
  });

  test('scores all of many candidates, each with a finite number', async () => {
    const candidates: RerankCandidate[] = Array.from({ length: 75 }, (_unused, index) => ({ id: `c${index}`, text: index === 70 ? paris.text : `x ${index}` }));
    const scores = await reranker.rerank(query, candidates, open);
    expect([...scores.keys()].sort()).toEqual(candidates.map(({ id }) => id).sort());
    expect([...scores.values()].every(Number.isFinite)).toBe(true);
    expect(Math.max(...scores.values())).toBe(scores.get('c70'));
  });

  test('takes texts that are empty, long, or full of characters that need care', async () => {
    const scores = await reranker.rerank('x'.repeat(10) + ' "\u2028 </s> ', [{ id: 'e', text: '' }, { id: 'l', text: 'moon '.repeat(5_000) }, { id: 'q', text: '"}]}\n\u0000\ud800 [SEP] 2.' }], open);
    expect(scores.size).toBe(3);
  });

  test('keeps calls that run at the same time apart', async () => {
    const rankings = await Promise.all([query, 'wild yeast bread', 'moon tides'].map((one) => reranker.rerank(one, [paris, moon, bread], open)));
    expect(rankings.map((scores) => [...scores].sort(([, left], [, right]) => right - left)[0]?.[0])).toEqual(['p', 'b', 'm']);
  });

  test('gives up with its signal', async () => {
    await expect(reranker.rerank(query, [paris, moon], AbortSignal.abort())).rejects.toMatchObject({ code: 'RERANKER_UNAVAILABLE' });
    server.state.behave = () => undefined;
    const many = Array.from({ length: 4_000 }, (_unused, index) => ({ id: String(index), text: 'moon '.repeat(600) }));
    const started = performance.now();
    await reranker.rerank(query, many, AbortSignal.timeout(50)).catch(() => undefined);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  test('its check makes a call, names the model, and gives up with its signal', async () => {
    expect(await reranker.check(AbortSignal.timeout(5_000))).toContain(reranker.model);
    if (provider !== 'cross-encoder') expect(server.state.asked).toHaveLength(1);
    await expect(reranker.check(AbortSignal.abort())).rejects.toMatchObject({ code: 'RERANKER_UNAVAILABLE' });
  });

  test('closing ends what runs, and what comes after is refused', async () => {
    server.state.behave = () => undefined;
    const running = reranker.rerank(query, Array.from({ length: 800 }, (_unused, index) => ({ id: String(index), text: 'moon '.repeat(600) })), open).then(
      (scores) => expect(scores.size).toBeLessThan(800),
      (error: unknown) => expect(error).toMatchObject({ code: 'RERANKER_UNAVAILABLE' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    await reranker.close();
    await running;
    await expect(reranker.rerank(query, [paris, moon], open)).rejects.toMatchObject({ code: 'RERANKER_UNAVAILABLE' });
  });
});
