import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOpenAiEmbedder, type OpenAiEmbedderOptions } from '../../../src/adapters/embedding/openAiEmbedder.ts';

interface Asked {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: { model: string; input: string[]; encoding_format: string };
}
type Answer = (asked: Asked, response: ServerResponse) => void;

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
/** Two dimensions: the length of the text, and 1; answered last one first, as the index allows. */
const honest: Answer = ({ body }, response) => {
  const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 1] })).reverse();
  json(response, 200, { object: 'list', data, model: body.model, usage: { total_tokens: 1 } });
};
let answer: Answer = honest;
let asked: Asked[] = [];
const server = createServer((request: IncomingMessage, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const one = { path: request.url, authorization: request.headers.authorization, body: JSON.parse(Buffer.concat(parts).toString()) as Asked['body'] };
    asked.push(one);
    answer(one, response);
  });
});
let options: OpenAiEmbedderOptions;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  options = { baseUrl, apiKey: 'secret', model: 'm', dimension: 2, queryPrefix: 'query: ', passagePrefix: 'passage: ', tokenLimit: 512, batchSize: 2, timeoutMs: 500 };
});
beforeEach(() => {
  answer = honest;
  asked = [];
});
afterAll(() => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
}));

test('batches, prefixes, key and index order', async () => {
  const embedder = createOpenAiEmbedder(options);
  const progress: number[] = [];
  const vectors = await embedder.embedPassages(['', 'four', 'eighteight'], (done) => progress.push(done));
  const expected = [9, 13, 19].map((length) => Float32Array.of(length / Math.hypot(length, 1), 1 / Math.hypot(length, 1)));
  expect(vectors).toEqual(expected);
  expect(progress).toEqual([2, 3]);
  expect(asked.map(({ body }) => body.input)).toEqual([['passage: ', 'passage: four'], ['passage: eighteight']]);
  expect(asked[0]).toMatchObject({ path: '/v1/embeddings', authorization: 'Bearer secret', body: { model: 'm', encoding_format: 'float' } });
  await embedder.embedQuery('x');
  expect(asked.at(-1)?.body.input).toEqual(['query: x']);
});

test.each<[string, number, Record<string, string>, unknown, object]>([
  ['429 with seconds', 429, { 'retry-after': '30' }, { error: { message: 'slow down' } }, { code: 'EMBEDDER_RATE_LIMITED', retryAfterMs: 30_000, message: expect.stringContaining('slow down') as string }],
  ['429 without', 429, {}, { error: { message: 'slow down' } }, { code: 'EMBEDDER_RATE_LIMITED', retryAfterMs: undefined }],
  ['429 for an empty account', 429, {}, { error: { message: 'no credit', code: 'insufficient_quota' } }, { code: 'EMBEDDER_REJECTED' }],
  ['401', 401, {}, { error: { message: 'bad key' } }, { code: 'EMBEDDER_REJECTED', message: expect.stringContaining('bad key') as string }],
  ['400', 400, {}, { error: 'plain text error' }, { code: 'EMBEDDER_REJECTED', message: expect.stringContaining('plain text error') as string }],
  ['413', 413, {}, {}, { code: 'EMBEDDER_REJECTED' }],
  ['500', 500, {}, {}, { code: 'EMBEDDER_UNAVAILABLE' }],
  ['503 with seconds', 503, { 'retry-after': '2' }, {}, { code: 'EMBEDDER_UNAVAILABLE', retryAfterMs: 2_000 }],
])('%s', async (_name, status, headers, body, expected) => {
  answer = (_asked, response) => json(response, status, body, headers);
  await expect(createOpenAiEmbedder(options).embedQuery('x')).rejects.toMatchObject(expected);
});

test('429 with a date', async () => {
  answer = (_asked, response) => json(response, 429, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
  const error: unknown = await createOpenAiEmbedder(options).embedQuery('x').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'EMBEDDER_RATE_LIMITED' });
  expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(57_000);
  expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(60_000);
});

test.each<[string, unknown, RegExp]>([
  ['another dimension', { data: [{ index: 0, embedding: [1, 2, 3] }] }, /3 dimensions, but 2/],
  ['no vector', { data: [] }, /0 vectors/],
  ['an index out of range', { data: [{ index: 4, embedding: [1, 2] }] }, /do not fit/],
  ['the same index twice', { data: [{ index: 0, embedding: [1, 2] }, { index: 0, embedding: [1, 2] }] }, /do not fit/],
  ['null for a number', { data: [{ index: 0, embedding: [null, 1] }] }, /not an embeddings response/],
  ['a vector of zeros', { data: [{ index: 0, embedding: [0, 0] }] }, /no direction/],
  ['something else', 'hello', /not an embeddings response/],
])('an answer with %s is EMBEDDER_REJECTED', async (_name, body, message) => {
  answer = (_asked, response) => json(response, 200, body);
  await expect(createOpenAiEmbedder(options).embedQuery('x')).rejects.toMatchObject({ code: 'EMBEDDER_REJECTED', message: expect.stringMatching(message) as string });
});

test('silence, a cut answer and no server at all are EMBEDDER_UNAVAILABLE', async () => {
  answer = () => undefined;
  await expect(createOpenAiEmbedder(options).embedQuery('x')).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE', message: expect.stringContaining('500 ms') as string });
  answer = (_asked, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"data":');
    setTimeout(() => response.destroy(), 20);
  };
  await expect(createOpenAiEmbedder(options).embedQuery('x')).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
  await expect(createOpenAiEmbedder({ ...options, baseUrl: 'http://127.0.0.1:25099/v1' }).embedQuery('x')).rejects.toMatchObject({
    code: 'EMBEDDER_UNAVAILABLE',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
});

test('closing ends a request that is under way', async () => {
  answer = () => undefined;
  const embedder = createOpenAiEmbedder({ ...options, timeoutMs: 60_000 });
  const pending = expect(embedder.embedQuery('x')).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE', message: expect.stringContaining('closed') as string });
  await embedder.close();
  await pending;
});

test('queries of one moment go in one request, the same text once; one that comes alone does not wait', async () => {
  const embedder = createOpenAiEmbedder({ ...options, batchSize: 64 });
  const texts = Array.from({ length: 20 }, (_unused, index) => 'x'.repeat(index % 10));
  const vectors = await Promise.all(texts.map((text) => embedder.embedQuery(text)));
  expect(vectors).toEqual(texts.map((text) => Float32Array.of((text.length + 7) / Math.hypot(text.length + 7, 1), 1 / Math.hypot(text.length + 7, 1))));
  expect(asked.map(({ body }) => body.input.length)).toEqual([10]);
  await embedder.embedQuery('later');
  expect(asked.map(({ body }) => body.input.length)).toEqual([10, 1]);
});

test('what comes while a request is under way is gathered, up to the size of a batch', async () => {
  const embedder = createOpenAiEmbedder({ ...options, batchSize: 4 });
  const first = embedder.embedQuery('first');
  await new Promise(setImmediate);
  const others = Array.from({ length: 6 }, (_unused, index) => embedder.embedQuery(`other ${index}`));
  await Promise.all([first, ...others]);
  expect(asked.map(({ body }) => body.input.length).toSorted()).toEqual([1, 2, 4]);
});

test('a text that the endpoint refuses fails alone', async () => {
  answer = (one, response) => (one.body.input.some((text) => text.includes('bad')) ? json(response, 400, { error: { message: 'too long' } }) : honest(one, response));
  const embedder = createOpenAiEmbedder({ ...options, batchSize: 64 });
  const texts = ['a', 'bb', 'bad', 'cccc', 'ddddd'];
  const ended = await Promise.allSettled(texts.map((text) => embedder.embedQuery(text)));
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(ended[2]).toMatchObject({ reason: { code: 'EMBEDDER_REJECTED', message: expect.stringContaining('too long') as string } });
});

test('an outage fails all who wait, with one request', async () => {
  answer = (_asked, response) => json(response, 503, {});
  const embedder = createOpenAiEmbedder({ ...options, batchSize: 64 });
  const ended = await Promise.allSettled(['a', 'b', 'c'].map((text) => embedder.embedQuery(text)));
  expect(ended.every((one) => one.status === 'rejected' && (one.reason as { code: string }).code === 'EMBEDDER_UNAVAILABLE')).toBe(true);
  expect(asked).toHaveLength(1);
});
