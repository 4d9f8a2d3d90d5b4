import { describe, expect, it } from 'vitest';
import { CatalystError } from '../../../../../src/contracts/errors.ts';
import type { ChunkPayload } from '../../../../../src/ports/vectorIndex.ts';
import type { Candidate } from '../../../../../src/retrieval/candidates/candidate.ts';
import { createBuiltInRerank } from '../../../../../src/retrieval/rerank/builtIn/builtInRerank.ts';

/** Dimension 8: a code is one byte, and a query of one positive vector is the nearer the more of its bits are set. */
const query = Promise.resolve([new Float32Array(8).fill(Math.sqrt(1 / 8))]);
const alike = 0xff;
const unlike = 0;

function candidate(id: string, fused: number, code?: number, dense = true): Candidate {
  const payload: ChunkPayload = {
    tenant: 'acme', document: id, version: 'v', sequence: 1, visible: true, title: '', source: { type: 'text', location: 'x' }, tags: [], policies: [], metadata: {},
    ingestedAt: '2026-01-01T00:00:00Z', chunk: { ordinal: 0, tier: 'passage', text: id, start: 0, end: 1, headings: [], tokens: 1 },
    tokenCodes: code === undefined ? null : { version: '1', codes: Uint8Array.of(code) },
  };
  const part = { score: fused, rank: 1, part: fused };
  return { hit: { id, fused, dense: dense ? part : null, sparse: dense ? null : part }, payload, boosts: [], rerank: null, score: fused };
}

const rerank = (options: Partial<Parameters<typeof createBuiltInRerank>[0]> = {}) => createBuiltInRerank({ queryTokens: query, poolSize: 50, budgetMs: 1000, ...options });
const idsOf = ({ candidates }: { readonly candidates: readonly Candidate[] }): string[] => candidates.map(({ hit }) => hit.id);

describe('built-in rerank', () => {
  it('moves what is nearer to the words of the query up, and says so', async () => {
    const outcome = await rerank()([candidate('a', 0.8, unlike), candidate('b', 0.75, alike), candidate('c', 0.2, alike)]);
    expect(idsOf(outcome)).toEqual(['b', 'a', 'c']);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.candidates[0]?.rerank).toMatchObject({ by: 'built-in', before: 2, after: 1 });
    expect(outcome.candidates[1]?.rerank).toMatchObject({ by: 'built-in', before: 1, after: 2 });
  });

  it('leaves a passage without codes its score, and the sum of the others', async () => {
    const before = [candidate('a', 0.8, unlike), candidate('old', 0.7), candidate('b', 0.6, alike)];
    const { candidates } = await rerank()(before);
    const after = new Map(candidates.map(({ hit, score, rerank: part }) => [hit.id, { score, part }]));
    expect(after.get('old')).toEqual({ score: 0.7, part: null });
    expect(after.get('a')!.score + after.get('b')!.score).toBeCloseTo(1.4, 10);
  });

  it('looks at the first candidates alone', async () => {
    const { candidates } = await rerank({ poolSize: 2 })([candidate('a', 0.8, unlike), candidate('b', 0.79, alike), candidate('c', 0.5, alike)]);
    expect(idsOf({ candidates })).toEqual(['b', 'a', 'c']);
    expect(candidates[2]).toMatchObject({ score: 0.5, rerank: null });
  });

  it('counts for as much beside terms alone, whose scores have no bounds', async () => {
    const outcome = await rerank()([candidate('a', 24, unlike, false), candidate('b', 16, alike, false)]);
    expect(idsOf(outcome)).toEqual(['b', 'a']);
  });

  it('leaves the order with the reason where the words cannot be embedded, or not in time', async () => {
    const before = [candidate('a', 0.8, unlike), candidate('b', 0.75, alike)];
    const failed = await rerank({ queryTokens: Promise.reject(new CatalystError('EMBEDDER_UNAVAILABLE', 'The model is away.')) })(before);
    expect(failed).toEqual({ candidates: before, failure: { code: 'EMBEDDER_UNAVAILABLE', message: 'The model is away.' } });
    const late = await rerank({ queryTokens: new Promise(() => undefined), budgetMs: 5 })(before);
    expect(late).toMatchObject({ candidates: before, failure: { code: 'EMBEDDER_UNAVAILABLE' } });
  });

  it('does nothing where fewer than two have codes', async () => {
    const before = [candidate('a', 0.8), candidate('b', 0.75, alike)];
    expect(await rerank()(before)).toEqual({ candidates: before });
  });
});
