import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { completeEnvironment as complete } from './completeEnvironment.ts';

const rerankingOf = (environment: Record<string, string>) => loadConfig({ ...complete, ...environment }).reranking;

function missingIn(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CatalystError);
    return (thrown as CatalystError).problems.map(({ pointer }) => pointer);
  }
}

test('there is none unless it is said', () => {
  expect(rerankingOf({})).toBeUndefined();
  expect(rerankingOf({ CATALYST_RERANKER: 'none', CATALYST_RERANKER_API_KEY: 'key' })).toBeUndefined();
});

test.each([
  ['cohere', ['CATALYST_RERANKER_API_KEY']],
  ['endpoint', ['CATALYST_RERANKER_URL', 'CATALYST_RERANKER_MODEL']],
  ['tei', ['CATALYST_RERANKER_URL']],
  ['judge', ['CATALYST_RERANKER_API_KEY or CATALYST_RERANKER_URL']],
  ['cross-encoder', ['CATALYST_RERANKER_MODEL_DIR']],
])('%s names all that it lacks, beside what else is missing', (provider, names) => {
  expect(missingIn({ ...complete, CATALYST_RERANKER: provider })).toEqual(names);
  const { QDRANT_URL: _url, ...incomplete } = complete;
  expect(missingIn({ ...incomplete, CATALYST_RERANKER: provider })).toEqual(['QDRANT_URL', ...names]);
});

test('defaults: address and model of the provider, 800 ms, 50 candidates; more time for a judge', () => {
  const [apiKey, timeoutMs, candidates] = ['key', 800, 50];
  expect(rerankingOf({ CATALYST_RERANKER: 'cohere', CATALYST_RERANKER_API_KEY: apiKey })).toEqual({ provider: 'cohere', baseUrl: 'https://api.cohere.com/v2', model: 'rerank-v3.5', apiKey, timeoutMs, candidates });
  expect(rerankingOf({ CATALYST_RERANKER: 'judge', CATALYST_RERANKER_API_KEY: apiKey })).toEqual({ provider: 'judge', baseUrl: 'https://api.openai.com/v1', model: 'gpt-4.1-mini', apiKey, timeoutMs: 8_000, candidates });
  expect(rerankingOf({ CATALYST_RERANKER: 'cross-encoder', CATALYST_RERANKER_MODEL_DIR: '/models/minilm' })).toEqual({ provider: 'cross-encoder', modelDirectory: '/models/minilm', model: 'ms-marco-MiniLM-L-6-v2', threads: 2, timeoutMs, candidates });
});

test('what is set goes before', () => {
  const set = { CATALYST_RERANKER_URL: 'http://127.0.0.1:8000/v1', CATALYST_RERANKER_MODEL: 'bge-reranker', CATALYST_RERANKER_TIMEOUT_MS: '300', CATALYST_RERANKER_CANDIDATES: '20' };
  expect(rerankingOf({ CATALYST_RERANKER: 'endpoint', ...set })).toEqual({ provider: 'endpoint', baseUrl: 'http://127.0.0.1:8000/v1', model: 'bge-reranker', apiKey: undefined, timeoutMs: 300, candidates: 20 });
  expect(missingIn({ ...complete, CATALYST_RERANKER: 'vespa', CATALYST_RERANKER_TIMEOUT_MS: 'soon' })).toEqual(['CATALYST_RERANKER', 'CATALYST_RERANKER_TIMEOUT_MS']);
});

test('who names a model has it used, unless something else is chosen; a choice without a model is a mistake', () => {
  const defaultOf = (environment: Record<string, string>) => loadConfig({ ...complete, ...environment }).search.defaultRerank;
  const tei = { CATALYST_RERANKER: 'tei', CATALYST_RERANKER_URL: 'http://127.0.0.1:1' };
  expect(defaultOf({})).toBe('built-in');
  expect(defaultOf(tei)).toBe('model');
  expect(defaultOf({ ...tei, CATALYST_RERANK: 'built-in' })).toBe('built-in');
  expect(missingIn({ ...complete, CATALYST_RERANK: 'model' })).toEqual(['CATALYST_RERANKER']);
});
