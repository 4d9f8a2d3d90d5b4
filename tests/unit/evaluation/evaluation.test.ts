import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SearchResult } from '../../../src/contracts/search.ts';
import { CatalystClient } from '../../../src/sdk/client.ts';
import { openBeirCollection } from '../../retrieval/beirCollection.ts';
import type { CorpusEntry } from '../../retrieval/beirCollection.ts';
import { documentOf, ingestCollection } from '../../retrieval/ingestCollection.ts';
import { createSearchWith } from '../../retrieval/configurations/searchWith.ts';
import { plainConfiguration } from '../../retrieval/configurations/configuration.ts';
import { reportText } from '../../retrieval/output/reportText.ts';
import { searchQueries } from '../../retrieval/searchQueries.ts';
import { ContractServer } from '../../support/contractServer.ts';

let server: ContractServer;
let client: CatalystClient;
let folder: string;

beforeEach(async () => {
  server = await ContractServer.start();
  client = new CatalystClient({ url: server.url, token: server.token });
  folder = join(await mkdtemp(join(tmpdir(), 'catalyst-eval-')), 'tiny');
  await mkdir(join(folder, 'qrels'), { recursive: true });
  await write('corpus.jsonl', ['{"_id":"d1","title":"One","text":"first"}', '{"_id":"d2","title":"","text":"second","metadata":{}}', '{"_id":"d3","text":" "}']);
  await write('queries.jsonl', ['{"_id":"q1","text":"first?"}', '{"_id":"q2","text":"third?"}', '{"_id":"unjudged","text":"x"}']);
  await write('qrels/test.tsv', ['query-id\tcorpus-id\tscore', 'q1\td1\t2', 'q1\td2\t0', 'q2\td3\t1']);
});
afterEach(async () => {
  await server.stop();
  await rm(join(folder, '..'), { recursive: true });
});

function write(name: string, lines: string[]): Promise<void> {
  return writeFile(join(folder, name), `${lines.join('\n')}\n`);
}

async function entriesOf(documents: AsyncIterable<CorpusEntry>): Promise<CorpusEntry[]> {
  const entries: CorpusEntry[] = [];
  for await (const entry of documents) entries.push(entry);
  return entries;
}

describe('openBeirCollection', () => {
  it('reads documents, and the judged queries alone', async () => {
    const collection = await openBeirCollection(folder, undefined);
    expect(collection.name).toBe('tiny');
    expect(collection.queries).toEqual([
      { id: 'q1', text: 'first?', judgements: new Map([['d1', 2], ['d2', 0]]) },
      { id: 'q2', text: 'third?', judgements: new Map([['d3', 1]]) },
    ]);
    expect((await entriesOf(collection.documents())).map(({ id, title }) => [id, title])).toEqual([['d1', 'One'], ['d2', ''], ['d3', '']]);
  });

  it('keeps to what the first documents answer when it is limited', async () => {
    const collection = await openBeirCollection(folder, 1);
    expect((await entriesOf(collection.documents())).map(({ id }) => id)).toEqual(['d1']);
    expect(collection.queries).toEqual([{ id: 'q1', text: 'first?', judgements: new Map([['d1', 2]]) }]);
  });

  it('reads the judgements of another split, and says which there are', async () => {
    await write('qrels/train.tsv', ['query-id\tcorpus-id\tscore', 'unjudged\td2\t1']);
    expect((await openBeirCollection(folder, undefined, 'train')).queries.map(({ id }) => id)).toEqual(['unjudged']);
    await expect(openBeirCollection(folder, undefined, 'dev')).rejects.toThrow(/qrels holds no dev\.tsv, only test\.tsv, train\.tsv\.$/);
    await expect(openBeirCollection(join(folder, 'qrels'), undefined)).rejects.toThrow('not in BEIR layout');
  });

  it('names file and line of what it cannot read', async () => {
    await write('corpus.jsonl', ['{"_id":"d1","text":"x"}', '{"_id":7}']);
    const collection = await openBeirCollection(folder, undefined);
    await expect(entriesOf(collection.documents())).rejects.toThrow(/corpus\.jsonl, line 2/);
    await write('qrels/test.tsv', ['query-id\tcorpus-id\tscore', 'q9\td1\t1']);
    await expect(openBeirCollection(folder, undefined)).rejects.toThrow('query q9');
    await write('qrels/test.tsv', ['q1\td1\tmany', 'q1\td1\tmany']);
    await expect(openBeirCollection(folder, undefined)).rejects.toThrow('line 2');
  });
});

describe('documentOf', () => {
  it('sends titles as titles, and a title that is too long whole with the text', () => {
    expect(documentOf({ id: 'a', title: 'T', text: 'x' })).toEqual({ id: 'a', mediaType: 'text/plain', title: 'T', text: 'x' });
    expect(documentOf({ id: 'a', title: '', text: 'x' })).not.toHaveProperty('title');
    expect(documentOf({ id: 'a', title: 'T', text: '' })).toEqual({ id: 'a', mediaType: 'text/plain', text: 'T' });
    const long = 't'.repeat(501);
    expect(documentOf({ id: 'a', title: long, text: 'x' })).toMatchObject({ title: 't'.repeat(500), text: `${long}\n\nx` });
  });
});

describe('an evaluation', () => {
  it('names the documents that are not in the index', async () => {
    const { documents } = await openBeirCollection(folder, undefined);
    const ingested = await ingestCollection(client, documents(), () => undefined);
    expect(ingested).toMatchObject({ documents: 3, chunks: 2, failed: [{ id: 'd3', code: 'EMPTY_DOCUMENT' }] });
    expect(new Set(ingested.idOf.values())).toEqual(new Set(['d1', 'd2', 'd3']));
    const report = {
      collection: 'tiny', split: 'test' as const, tenant: 't', date: '2026-01-01T00:00:00Z', commit: 'c', machine: 'm', documents: 3, queries: 2, queriesWithoutRelevant: 0,
      results: [], ingest: { ...ingested, documentsPerSecond: 1 },
    };
    expect(reportText(report)).toContain('1 documents FAILED and are not in the index:\n  d3: The document holds no text (EMPTY_DOCUMENT)');
  });

  it('names documents that the API does not even take', async () => {
    async function* entries(): AsyncGenerator<CorpusEntry> {
      yield await Promise.resolve({ id: 'x'.repeat(501), title: '', text: 'text' });
      yield { id: 'good', title: '', text: 'text' };
    }
    const ingested = await ingestCollection(client, entries(), () => undefined);
    expect(ingested.failed).toMatchObject([{ id: 'x'.repeat(501), code: 'too_big' }]);
    expect([...ingested.idOf.values()]).toEqual(['good']);
  });

  it('leaves out the document that a query itself is', async () => {
    const queries = [{ id: 'd1', text: 'first', judgements: new Map([['d2', 1]]) }];
    const idOf = new Map([['0198c0de-0000-7000-8000-000000000001', 'd1'], ['0198c0de-0000-7000-8000-000000000002', 'd2']]);
    server.results = [...idOf.keys()].map((id, index) => resultFor(id, index + 1));
    const { metrics, queries: [query] } = await searchQueries(createSearchWith(client), { configuration: plainConfiguration('dense'), queries, idOf, concurrency: 1 });
    expect(metrics).toMatchObject({ mrr: 1, ndcg10: 1 });
    expect(query?.ranking).toEqual(['d2']);
  });

  it('measures what each query answers, in the order it is answered', async () => {
    const { documents, queries } = await openBeirCollection(folder, undefined);
    const { idOf } = await ingestCollection(client, documents(), () => undefined);
    const documentId = (id: string): string => [...idOf].find(([, own]) => own === id)?.[0] ?? '';
    server.results = ['d2', 'd1'].map((id, index) => resultFor(documentId(id), index + 1));
    const result = await searchQueries(createSearchWith(client), { configuration: plainConfiguration('dense'), queries, idOf, concurrency: 2 });
    // q1 finds its document second, q2 not at all.
    expect(result.metrics).toMatchObject({ mrr: 0.25, map: 0.25, recall10: 0.5 });
    expect(result.queries.map(({ id, ranking }) => [id, ranking])).toEqual([['q1', ['d2', 'd1']], ['q2', ['d2', 'd1']]]);
    expect(result.metrics.ndcg10).toBeCloseTo(0.6309297535714575 / 2, 12);
    expect(server.count('POST /v1/search')).toBe(2);
  });

  it('asks the route that takes settings where a configuration has some', async () => {
    await expect(createSearchWith(client)('q', { name: 'other fusion', mode: 'hybrid', settings: { fusion: { method: 'z-score' } } })).rejects.toThrow();
    expect(server.count('POST /v1/search/debug')).toBe(1);
  });
});

function resultFor(id: string, rank: number): SearchResult {
  return {
    rank, score: 1, scores: { dense: null, sparse: null, fused: 1 }, passage: 'p', highlights: [], sentences: [],
    document: { id, versionId: id, title: '', source: { type: 'text', location: id }, tags: [], metadata: {}, ingestedAt: '2026-01-01T00:00:00Z' },
    chunk: { id, ordinal: 0, tier: 'passage', headings: [], page: null, pageEnd: null, start: 0, end: 1 },
  };
}
