import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '../../../src/contracts/problem.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** Whatever is sent is answered, and a refusal is a problem of the caller's. */
async function neverFails(path: string, body: NonNullable<RequestInit['body']>, contentType = 'application/json'): Promise<void> {
  const response = await api.fetch(path, { method: 'POST', headers: { 'content-type': contentType }, body, signal: AbortSignal.timeout(5_000) });
  const answer: unknown = await response.json();
  expect(response.status, JSON.stringify(answer)).toBeLessThan(500);
  if (response.status >= 400) problemSchema.parse(answer);
}

/** Objects with the names that the schemas know, and any values: they reach deeper than arbitrary ones. */
const anyText = fc.string({ unit: 'binary', maxLength: 20 });
const anyValue = fc.oneof(fc.jsonValue({ stringUnit: 'binary' }), anyText, fc.constant('__proto__'), fc.double({ noNaN: true }));
const documentLike = fc.record(
  {
    text: fc.oneof(anyText, anyValue), url: fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), anyText, anyValue), uploadId: fc.oneof(fc.uuid(), anyValue), artifactUri: fc.oneof(anyText.map((text) => `s3://${text}`), anyValue),
    id: fc.oneof(anyText, anyValue), title: fc.oneof(anyText, anyValue), metadata: fc.oneof(fc.dictionary(anyText, anyValue), anyValue), tags: fc.oneof(fc.array(anyText), anyValue), tier: anyValue, policies: fc.oneof(fc.array(anyText), anyValue), extra: anyValue,
  },
  { requiredKeys: [] },
);
const ingestLike = fc.record({ documents: fc.oneof(fc.array(fc.oneof(documentLike, anyValue), { maxLength: 5 }), anyValue), onInvalid: fc.constantFrom('skip', 'reject', 'other', 1), extra: anyValue }, { requiredKeys: ['documents'] });
const searchLike = fc.record(
  {
    query: fc.oneof(anyText, anyValue), mode: fc.oneof(fc.constantFrom('hybrid', 'dense', 'sparse'), anyValue), limit: fc.oneof(fc.integer(), anyValue), explain: anyValue,
    filters: fc.oneof(anyValue, fc.record({ tags: anyValue, documents: anyValue, source: anyValue, tiers: anyValue, metadata: fc.dictionary(anyText, fc.oneof(anyValue, fc.record({ gte: anyValue, lt: anyValue }, { requiredKeys: [] }))), ingestedAt: anyValue }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
);

describe('any input', () => {
  it('to ingestion is answered without a failure', async () => {
    await fc.assert(fc.asyncProperty(ingestLike, (body) => neverFails('/v1/ingest/bulk', JSON.stringify(body))), { numRuns: 400 });
  });

  it('to search is answered without a failure', async () => {
    await fc.assert(fc.asyncProperty(searchLike, (body) => neverFails('/v1/search', JSON.stringify(body))), { numRuns: 300 });
  });

  it('that is no JSON at all is answered without a failure', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map((text) => new TextEncoder().encode(text.slice(0, -1)))), (bytes) => neverFails('/v1/search', bytes)), { numRuns: 200 });
  });

  it('to uploads is answered without a failure', async () => {
    const piece = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('\r\n', '--b', '--b--', '--b\r\n', 'Content-Disposition: form-data; name="f"; filename="x"\r\n\r\n', 'Content-Disposition: form-data; name="f"\r\n\r\n', 'Content-Type: text/plain\r\n', 'Content-Disposition: form-data; filename*=utf-8\'\'%ff%00\r\n\r\n'));
    await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 25 }), (pieces) => neverFails('/v1/uploads', `--b\r\n${pieces.join('')}`, 'multipart/form-data; boundary=b')), { numRuns: 300 });
  });

  it('in a path or query is answered without a failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 40 }), fc.webQueryParameters(), async (segment, query) => {
        for (const path of [`/v1/jobs/${encodeURIComponent(segment)}/documents?${query}`, `/${segment.replaceAll(/[#?\\]/g, '')}`]) expect((await api.fetch(path)).status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });
});
