import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOnnxEmbedder } from '../../../src/adapters/embedding/onnxEmbedder.ts';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { searchRequestSchema } from '../../../src/contracts/search.ts';
import type { SearchRequest, SearchResponse } from '../../../src/contracts/search.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import type { IndexPoint } from '../../../src/ports/vectorIndex.ts';
import { createReadPath } from '../../../src/retrieval/readPath.ts';
import { createSearch } from '../../../src/retrieval/search.ts';
import { documentSparseVector } from '../../../src/retrieval/sparse/sparseVector.ts';
import { newAlias, startIndexServer } from '../index/indexServer.ts';
import type { IndexServer } from '../index/indexServer.ts';
import { principal, version } from '../index/points.ts';
import { modelDirectory } from './modelDirectory.ts';

const texts = [
  'Aspirin lowers fever by blocking the synthesis of prostaglandins in the hypothalamus.',
  'Ibuprofen is given for pain and fever; a child gets a dose by weight.',
  'A fever is a rise of body temperature; the hypothalamus sets a higher target.',
  'Prostaglandins protect the lining of the stomach, so that blocking them causes ulcers.',
  'The parliament passed the budget after a long debate.',
  'Sourdough bread rises by wild yeast and lactic acid bacteria.',
];
const query = 'which drug reduces temperature by inhibiting prostaglandin production';

let server: IndexServer;
let index: QdrantIndex;
let embedder: Embedder;
let plain: Embedder;
beforeAll(async () => {
  const directory = await modelDirectory();
  [embedder, plain] = await Promise.all([createOnnxEmbedder({ modelDirectory: directory, threads: 1, tokenVectors: true }), createOnnxEmbedder({ modelDirectory: directory, threads: 1 })]);
  server = await startIndexServer();
  index = server.open(newAlias(), embedder.contract);
  await index.prepare();
  await index.upsert(await pointsOf('with codes', texts.slice(0, 4), true));
  await index.upsert(await pointsOf('without codes', texts.slice(4), false));
}, 120_000);
afterAll(async () => {
  await Promise.all([embedder.close(), plain.close()]);
  await server.stop();
});

async function pointsOf(name: string, own: readonly string[], withCodes: boolean): Promise<IndexPoint[]> {
  const tokens = embedder.tokenVectors!;
  const embedded = await tokens.embedPassages(own);
  return version({ tenant: 'rerank', name, visible: true, texts: own }).points.map((point, place) => {
    const { vector, tokenCodes } = embedded[place]!;
    const payload = withCodes ? { ...point.payload, tokenCodes: { version: tokens.version, codes: tokenCodes } } : point.payload;
    return { ...point, dense: vector, sparse: documentSparseVector({ title: '', headings: [], text: own[place]! }), payload };
  });
}

async function search(request: Partial<SearchRequest>, using: Embedder = embedder): Promise<SearchResponse & { readonly trips: number }> {
  let trips = 0;
  const counted = { ...index, queryLegs: (...given: Parameters<QdrantIndex['queryLegs']>) => ((trips += 1), index.queryLegs(...given)), retrieve: (...given: Parameters<QdrantIndex['retrieve']>) => ((trips += 1), index.retrieve(...given)) };
  const response = await createSearch(createReadPath({ index: counted, embedder: using, emit: () => undefined }))(principal('rerank'), searchRequestSchema.parse({ query, limit: 2, passagesPerDocument: 10, ...request }));
  return { ...response, trips };
}

describe('token vectors of the embedded model', () => {
  test('leave the vectors as they are, to the byte', async () => {
    const embedded = await embedder.tokenVectors!.embedPassages(texts);
    expect(embedded.map(({ vector }) => vector)).toEqual(await plain.embedPassages(texts));
  });

  test('are codes of 48 bytes a token, 48 tokens at the most, and a pure function of the text', async () => {
    const long = texts.join(' ').repeat(3);
    const [first, again] = [await embedder.tokenVectors!.embedPassages([long, ...texts]), await embedder.tokenVectors!.embedPassages([...texts, long])];
    expect(first[0]?.tokenCodes).toHaveLength(48 * 48);
    expect(first[1]?.tokenCodes.length).toBeLessThan(48 * 48);
    expect((first[1]?.tokenCodes.length ?? 1) % 48).toBe(0);
    expect(first[0]).toEqual(again.at(-1));
    expect(first.slice(1)).toEqual(again.slice(0, -1));
  });

  test('are vectors of length 1 for the words of a query', async () => {
    const vectors = await embedder.tokenVectors!.embedQueryTokens('the fever of a child');
    expect(vectors).toHaveLength(2);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  test('are not offered where the deployment keeps none', () => {
    expect(plain.tokenVectors).toBeUndefined();
  });
});

describe('built-in rerank', () => {
  test('ranks by the words too, in two round trips, and says what it did', async () => {
    const response = await search({ rerank: 'built-in', explain: true });
    expect(response.degraded).toBe(false);
    expect(response.trips).toBe(2);
    expect(response.results[0]).toMatchObject({ passage: texts[0], scores: { rerank: { by: 'built-in', after: 1 } } });
    expect(response.results[0]?.explanation?.join('\n')).toContain('reranked by built-in');
    expect(response.results[0]!.scores.rerank!.score).toBeGreaterThan(response.results[1]!.scores.rerank!.score);
    expect(JSON.stringify(response)).not.toContain('tokenCodes');
  });

  test('leaves passages without codes their fused score', async () => {
    const [fused, reranked] = [await search({ limit: 6, rerank: 'none' }), await search({ limit: 6, rerank: 'built-in' })];
    const scoresOf = ({ results }: SearchResponse) => new Map(results.map(({ passage, score }) => [passage, score]));
    for (const text of texts.slice(4)) expect(scoresOf(reranked).get(text)).toBe(scoresOf(fused).get(text));
    for (const text of texts.slice(0, 4)) expect(scoresOf(reranked).get(text)).not.toBe(scoresOf(fused).get(text));
    expect(reranked.results.filter(({ scores }) => scores.rerank !== undefined)).toHaveLength(4);
  });

  test('answers in the fused order, degraded, where the words cannot be embedded', async () => {
    const broken: Embedder = { ...embedder, tokenVectors: { ...embedder.tokenVectors!, embedQueryTokens: () => Promise.reject(new Error('out of order')) } };
    const [fused, response] = [await search({ rerank: 'none' }), await search({ rerank: 'built-in' }, broken)];
    expect(response.results).toEqual(fused.results);
    expect(response).toMatchObject({ degraded: true, degradations: [{ part: 'rerank' }] });
  });

  test('is refused where the deployment keeps no token vectors', async () => {
    await expect(search({ rerank: 'built-in' }, plain)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
