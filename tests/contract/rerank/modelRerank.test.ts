import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConfiguredReranker } from '../../../src/adapters/rerank/configuredReranker.ts';
import type { RerankingConfig } from '../../../src/config/config.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { createOrder } from '../../../src/retrieval/candidates/createOrder.ts';
import { createModelReranker } from '../../../src/retrieval/rerank/model/modelReranker.ts';
import type { ModelReranker, ModelRerankSettings } from '../../../src/retrieval/rerank/model/modelReranker.ts';
import { createStopwatch } from '../../../src/retrieval/stopwatch.ts';
import { someCandidate } from '../../unit/retrieval/candidates/someCandidate.ts';
import { completionOf, sendJson, startRerankServer } from './rerankServer.ts';
import type { Behaviour, RerankServer } from './rerankServer.ts';

/** What a search makes of each way in which a service can answer: the whole way from candidates to their order, over HTTP. */
let server: RerankServer;
beforeAll(async () => {
  server = await startRerankServer();
});
afterAll(() => server.close());

const principal = { tenant: 'acme', subject: 'ann', roles: [], policies: [] };
const query = 'What is the capital of France';
/** In fused order, the answer last. */
const candidates = ['Bread rises by wild yeast', 'The moon is new', 'Paris is the capital of France'].map((text, index) => someCandidate({ document: `d${index}`, score: 0.9 - index / 10, text }));
const fusedOrder = ['d0', 'd1', 'd2'];
const secret = 'gpu-7.internal says: key sk-123 is over its budget';

const common = { model: 'm', timeoutMs: 5_000, candidates: 50, apiKey: 'secret' };
const kinds: readonly (readonly [string, () => RerankingConfig])[] = [
  ['cohere', () => ({ ...common, provider: 'cohere', baseUrl: `${server.url}/v2` })],
  ['endpoint', () => ({ ...common, provider: 'endpoint', baseUrl: `${server.url}/v1` })],
  ['tei', () => ({ ...common, provider: 'tei', baseUrl: server.url })],
  ['judge', () => ({ ...common, provider: 'judge', baseUrl: `${server.url}/v1` })],
];

describe.each(kinds)('%s', (provider, config) => {
  let model: ModelReranker;
  let events: DomainEvent[];
  async function start(settings: Partial<ModelRerankSettings> = {}): Promise<void> {
    await model?.close();
    events = [];
    model = createModelReranker(await createConfiguredReranker(config()), { ...common, ...settings }, (event) => events.push(event));
  }
  beforeEach(async () => {
    server.reset();
    await start();
  });
  afterEach(() => model.close());

  async function search() {
    const stopwatch = createStopwatch();
    const { order } = createOrder({ boosts: {}, query, rerank: { name: 'model', rerank: model.begin(principal, query), candidates: model.candidates }, poolSize: 50, stopwatch });
    const ordered = await order(candidates);
    return { ...ordered, titles: ordered.candidates.map(({ payload }) => payload.title), rerankMs: stopwatch.timings.rerankMs };
  }
  const eventsOf = (type: DomainEvent['type']): DomainEvent[] => events.filter((event) => event.type === type);
  const circuitStates = (): string[] => eventsOf('rerank.circuit').map((event) => (event.type === 'rerank.circuit' ? event.state : ''));

  /** The search goes on in the fused order, says so without what the service said, and tells operators. */
  async function expectFusedOrder(code: string, message: string, event: object): Promise<void> {
    const { titles, candidates: kept, degradations } = await search();
    expect(titles).toEqual(fusedOrder);
    expect(kept).toEqual(candidates);
    expect(degradations).toEqual([{ part: 'rerank', code, message: `${message}; the results keep their order without it.` }]);
    expect(eventsOf('rerank.degraded')).toMatchObject([{ tenant: 'acme', provider, model: 'm', candidates: 3, code, ...event }]);
    expect(eventsOf('rerank.finished')).toEqual([]);
  }

  test('success: the order of the model, with who, scores and ranks of each', async () => {
    const { titles, candidates: reranked, degradations, rerankMs } = await search();
    expect(titles).toEqual(['d2', 'd1', 'd0']);
    expect(degradations).toEqual([]);
    expect(reranked[0]).toMatchObject({ hit: { fused: 0.7 }, rerank: { by: `${provider}: m`, before: 3, after: 1, among: 3 } });
    expect(eventsOf('rerank.finished')).toMatchObject([{ tenant: 'acme', provider, model: 'm', candidates: 3, scored: 3 }]);
    expect(eventsOf('rerank.degraded')).toEqual([]);
    expect(rerankMs).toBeGreaterThan(0);
  });

  test('timeout: the search goes on, and the call is given up', async () => {
    await start({ timeoutMs: 400 });
    const closed = new Promise<void>((resolve) => {
      server.state.behave = (_exchange, response) => void response.on('close', resolve);
    });
    const started = performance.now();
    await expectFusedOrder('RERANKER_UNAVAILABLE', 'The reranker does not answer', { reason: 'timeout', detail: 'The reranker did not answer within 400 ms.' });
    expect(performance.now() - started).toBeGreaterThan(380);
    await closed;
  });

  test('429: the fused order, and no call before the time that was asked for', async () => {
    server.state.behave = (_exchange, response) => sendJson(response, 429, { message: secret }, { 'retry-after': '30' });
    await expectFusedOrder('RERANKER_RATE_LIMITED', 'The reranker asks to slow down', { reason: 'failed', detail: expect.stringContaining(secret) as string });
    expect(eventsOf('rerank.circuit').at(-1)).toMatchObject({ state: 'open', openMs: 30_000 });
    server.reset();
    expect((await search()).titles).toEqual(fusedOrder);
    expect(server.state.asked).toEqual([]);
  });

  test.each([500, 502, 503])('%i: the fused order', async (status) => {
    server.state.behave = (_exchange, response) => sendJson(response, status, { message: secret });
    await expectFusedOrder('RERANKER_UNAVAILABLE', 'The reranker does not answer', { reason: 'failed', detail: expect.stringContaining(`${status}: ${secret}`) as string });
  });

  test('a wrong key: the fused order, and the start would have failed', async () => {
    server.state.behave = (_exchange, response) => sendJson(response, 401, { message: secret });
    await expectFusedOrder('RERANKER_REJECTED', 'The reranker refuses to work for this deployment', { reason: 'failed' });
    await start();
    await expect(model.validate()).rejects.toMatchObject({ code: 'RERANKER_REJECTED', message: expect.stringContaining('401') as string });
  });

  test('a request that is too long: the fused order, and others are not refused for it', async () => {
    await start({ guard: { failures: 1, openMs: 60_000, longestOpenMs: 60_000 } });
    server.state.behave = (_exchange, response) => sendJson(response, 400, { message: secret });
    await expectFusedOrder('RERANKER_REQUEST_REFUSED', 'The reranker would not take this request', { reason: 'failed' });
    server.reset();
    expect((await search()).titles).toEqual(['d2', 'd1', 'd0']);
  });

  test.each<[string, Behaviour]>([
    ['no JSON', (_exchange, response) => response.end('<html>')],
    ['JSON of something else', (_exchange, response) => sendJson(response, 200, { message: secret })],
    ['scores of texts that were not sent', ({ answerOf }, response) => sendJson(response, 200, answerOf([{ index: 7, score: 1 }, { index: 0, score: 0.5 }]))],
    ['an answer without any score', ({ answerOf }, response) => sendJson(response, 200, answerOf([]))],
  ])('a malformed answer (%s): the fused order', async (_name, behave) => {
    server.state.behave = behave;
    await expectFusedOrder('RERANKER_MALFORMED', 'The reranker answered something that is not a ranking of the candidates', { reason: 'failed' });
  });

  test('a partial answer: the scored ones first, the others after them in fused order', async () => {
    server.state.behave = ({ answerOf }, response) => sendJson(response, 200, answerOf([{ index: 1, score: 0.3 }]));
    const { titles, candidates: reranked, degradations } = await search();
    expect(titles).toEqual(['d1', 'd0', 'd2']);
    expect(reranked.map(({ rerank }) => rerank === null)).toEqual([false, true, true]);
    expect(degradations).toEqual([]);
    expect(eventsOf('rerank.finished')).toMatchObject([{ candidates: 3, scored: 1 }]);
  });

  test('the breaker opens after failures, keeps calls away, tries one, and closes again', async () => {
    await start({ guard: { failures: 2, openMs: 800, longestOpenMs: 800 } });
    server.state.behave = (_exchange, response) => sendJson(response, 500, { message: secret });
    for (let failure = 0; failure < 2; failure += 1) await search();
    expect(circuitStates()).toEqual(['closed', 'open']);

    server.reset();
    events = [];
    await expectFusedOrder('RERANKER_UNAVAILABLE', 'The reranker does not answer', { reason: 'circuit-open' });
    expect(server.state.asked).toEqual([]);
    await expect(model.health.check(new AbortController().signal)).rejects.toMatchObject({ code: 'RERANKER_UNAVAILABLE' });

    await new Promise((resolve) => setTimeout(resolve, 820));
    expect((await search()).titles).toEqual(['d2', 'd1', 'd0']);
    expect(circuitStates()).toEqual(['half-open', 'closed']);
    expect(await model.health.check(new AbortController().signal)).toContain('m');
  });
});

test('what a chat model is told to rank cannot make it answer for other passages', async () => {
  server.reset();
  server.state.behave = (_exchange, response) => sendJson(response, 200, completionOf('{"order": [99, 3]}'));
  const events: DomainEvent[] = [];
  const model = createModelReranker(await createConfiguredReranker({ ...common, provider: 'judge', baseUrl: `${server.url}/v1` }), common, (event) => events.push(event));
  expect(await model.begin(principal, query)(candidates)).toMatchObject({ candidates, failure: { code: 'RERANKER_MALFORMED' } });
  await model.close();
});
