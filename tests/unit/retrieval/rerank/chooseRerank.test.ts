import { describe, expect, test } from 'vitest';
import { searchRequestSchema } from '../../../../src/contracts/search.ts';
import type { RerankChoice, RerankerName, SearchMode } from '../../../../src/contracts/search.ts';
import { chooseRerank } from '../../../../src/retrieval/rerank/chooseRerank.ts';
import type { Rerankers } from '../../../../src/retrieval/rerank/chooseRerank.ts';
import { searchSettingsFor } from '../../../../src/retrieval/settings.ts';

const principal = { tenant: 'acme', subject: 'ann', roles: [], policies: [] };
const tokenVectors = { version: 'v1', embedPassages: () => Promise.resolve([]), embedQueryTokens: () => Promise.resolve([]) };
const both: Rerankers = { embedder: { tokenVectors }, model: { begin: () => (candidates) => Promise.resolve({ candidates }), candidates: 30 } };

interface Choice {
  readonly mode?: SearchMode;
  readonly rerank?: RerankChoice;
  readonly ofTenant?: RerankerName;
  readonly ofOperator?: RerankerName;
  readonly rerankers?: Rerankers;
  readonly allowed?: RerankerName[];
}

function choose({ mode = 'hybrid', rerank = 'default', ofTenant, ofOperator = 'none', rerankers = both, allowed }: Choice): RerankerName {
  const chosen = chooseRerank(rerankers, { ...principal, ...(allowed === undefined ? {} : { limits: { rerankers: allowed } }) }, searchRequestSchema.parse({ query: 'q', mode, rerank }), { ...searchSettingsFor({ model: 'any' }), defaultRerank: ofOperator }, ofTenant);
  if (chosen === undefined) return 'none';
  return chosen.tokenCodesOf === undefined ? 'model' : 'built-in';
}

describe('the reranker of a search', () => {
  test('is what the caller asks for, else what the tenant has set, else what the operator chose', () => {
    expect(choose({ rerank: 'model', ofTenant: 'built-in', ofOperator: 'none' })).toBe('model');
    expect(choose({ rerank: 'none', ofTenant: 'built-in', ofOperator: 'model' })).toBe('none');
    expect(choose({ ofTenant: 'model', ofOperator: 'built-in' })).toBe('model');
    expect(choose({ ofTenant: 'none', ofOperator: 'built-in' })).toBe('none');
    expect(choose({ ofOperator: 'built-in' })).toBe('built-in');
  });

  test('is none for one leg, unless the caller asks for one', () => {
    expect(choose({ mode: 'dense', ofTenant: 'model', ofOperator: 'built-in' })).toBe('none');
    expect(choose({ mode: 'sparse', rerank: 'built-in' })).toBe('built-in');
  });

  test('that the policy of the tenant leaves out is refused where it is asked for, and done without where it is the default', () => {
    const allowed: RerankerName[] = ['none', 'built-in'];
    expect(() => choose({ rerank: 'model', allowed })).toThrow(expect.objectContaining({ code: 'TENANT_POLICY' }) as Error);
    expect(choose({ ofTenant: 'model', allowed })).toBe('none');
    expect(choose({ ofOperator: 'model', allowed })).toBe('none');
    expect(choose({ rerank: 'built-in', allowed })).toBe('built-in');
  });

  test('that the deployment does not have is refused where it is asked for, and done without where it is the default', () => {
    const rerankers: Rerankers = { embedder: {} };
    for (const [rerank, remedy] of [['built-in', 'CATALYST_TOKEN_VECTORS'], ['model', 'CATALYST_RERANKER']] as const) {
      const refusal = { code: 'INVALID_REQUEST', problems: [expect.objectContaining({ pointer: '/rerank', detail: expect.stringContaining(remedy) as string })] };
      expect(() => choose({ rerank, rerankers })).toThrow(expect.objectContaining(refusal));
      expect(choose({ ofTenant: rerank, rerankers })).toBe('none');
    }
  });
});
