import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchResponse } from '../../src/contracts/search.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { sendJson, startRerankServer } from '../contract/rerank/rerankServer.ts';
import type { Behaviour } from '../contract/rerank/rerankServer.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

/** The whole service with a model to rerank by, which is a local server that speaks as Text Embeddings Inference does. */
let stack: FullStack;
let model: Awaited<ReturnType<typeof startRerankServer>>;
let client: CatalystClient;

const texts = [
  ['aspirin', 'Aspirin lowers fever by blocking the synthesis of prostaglandins.'],
  ['ibuprofen', 'Ibuprofen is given for pain and fever; a child gets a dose by weight.'],
  ['bread', 'Sourdough bread rises by wild yeast and lactic acid bacteria.'],
] as const;
/** The model's taste: the shorter the better, so that its order is nobody else's. */
const shortestFirst: Behaviour = ({ texts: given, answerOf }, response) => {
  sendJson(response, 200, answerOf(given.map((text, index) => ({ index, score: 1 / text.length })).sort((left, right) => right.score - left.score)));
};

beforeAll(async () => {
  model = await startRerankServer();
  stack = await startFullStack({ CATALYST_RERANKER: 'tei', CATALYST_RERANKER_URL: model.url });
  client = await stack.clientFor('reranked');
  const { jobId } = await client.ingest({ documents: texts.map(([id, text]) => ({ id, title: id, text })) });
  expect((await client.waitForJob(jobId)).state).toBe('succeeded');
}, 600_000);

afterAll(async () => {
  await (stack as FullStack | undefined)?.stop();
  await (model as typeof model | undefined)?.close();
}, 60_000);

const titles = ({ results }: SearchResponse): string[] => results.map(({ document }) => document.title);
const rerankedBy = ({ results }: SearchResponse): (string | undefined)[] => results.map(({ scores }) => scores.rerank?.by);
// Each asks something else, so that no answer is remembered.
const query = (number: number): string => `which drug lowers fever ${number}`;

describe('reranking', () => {
  it('goes by the model, which is the default where one is configured; by the words, or not at all, where the search says so', async () => {
    model.state.behave = shortestFirst;
    const answers = [];
    for (const rerank of ['default', 'model', 'built-in', 'none'] as const) answers.push(await client.search({ query: query(1), rerank, explain: true }));
    const [byDefault, byModel, builtIn, none] = answers as [SearchResponse, SearchResponse, SearchResponse, SearchResponse];
    expect(titles(byModel)).toEqual(['bread', 'aspirin', 'ibuprofen']);
    expect(titles(byDefault)).toEqual(titles(byModel));
    expect(rerankedBy(byModel)[0]).toMatch(/^tei/);
    expect(byModel.results[0]?.explanation?.join('\n')).toContain('reranked by tei');
    expect(rerankedBy(builtIn)).toEqual(['built-in', 'built-in', 'built-in']);
    expect(rerankedBy(none)).toEqual([undefined, undefined, undefined]);
    expect(titles(none).at(-1)).toBe('bread');
  });

  it('goes by what the tenant has set, where the search leaves the choice', async () => {
    model.state.behave = shortestFirst;
    await client.searchSettings.set({ rerank: 'built-in' });
    expect(rerankedBy(await client.search({ query: query(2) }))).toContain('built-in');
    await client.searchSettings.remove();
    expect(rerankedBy(await client.search({ query: query(2) }))[0]).toMatch(/^tei/);
  });

  it('leaves the fused order where the model fails, says so without what the model said, and remembers no such answer', async () => {
    model.state.behave = (_exchange, response) => sendJson(response, 500, { error: 'secret of the vendor' });
    const fused = await client.search({ query: query(3), rerank: 'none' });
    const degraded = await client.search({ query: query(3) });
    expect(titles(degraded)).toEqual(titles(fused));
    expect(degraded).toMatchObject({ degraded: true, degradations: [{ part: 'rerank' }] });
    expect(JSON.stringify(degraded)).not.toContain('secret of the vendor');
    model.state.behave = shortestFirst;
    const later = await client.search({ query: query(3) });
    expect(later).toMatchObject({ degraded: false, results: [{ document: { title: 'bread' } }, {}, {}] });
  });

  it('shows the model the query and what the caller may see, and nothing of other tenants or policies', async () => {
    const [tenant, other] = [await stack.clientFor('shown'), await stack.clientFor('unseen')];
    const ingest = async (owner: CatalystClient, title: string, policies: string[] = []): Promise<void> => {
      const { jobId } = await owner.ingest({ documents: [{ id: title, title, text: `Which drug lowers fever, by ${title}.`, policies }] });
      expect((await owner.waitForJob(jobId)).state).toBe('succeeded');
    };
    for (const title of ['first', 'second']) await ingest(tenant, title);
    await ingest(tenant, 'confidential', ['board']);
    await ingest(other, 'foreign');
    model.reset();
    expect(titles(await tenant.search({ query: query(4), rerank: 'model' })).sort()).toEqual(['first', 'second']);
    expect(model.state.asked.map(({ body }) => [body['query'], [...(body['texts'] as string[])].sort()])).toEqual([
      [query(4), ['first\nWhich drug lowers fever, by first.', 'second\nWhich drug lowers fever, by second.']],
    ]);
  });

  it('is degraded readiness, not unavailable, while the model fails', async () => {
    model.state.behave = (_exchange, response) => sendJson(response, 503, { error: 'loading' });
    await client.search({ query: query(5) });
    // Checks are made once a second.
    const health = () => expect.poll(() => client.health(), { timeout: 10_000 });
    await health().toMatchObject({ status: 'degraded', dependencies: expect.arrayContaining([expect.objectContaining({ name: 'reranker', ok: false, optional: true })]) as unknown[] });
    model.reset();
    await client.search({ query: query(6) });
    await health().toMatchObject({ status: 'ready' });
  });
});
