import { createOnnxEmbedder } from '../../src/adapters/embedding/onnxEmbedder.ts';
import { querySparseVector } from '../../src/retrieval/sparse/sparseVector.ts';
import type { Embedder } from '../../src/ports/embedder.ts';
import type { FullStack } from '../support/fullStack.ts';
import { quantile, round } from './statistics.ts';

export interface SearchReport {
  readonly queries: number;
  readonly chunks: number;
  readonly apiP50Ms: number;
  readonly apiP95Ms: number;
  readonly bareP50Ms: number;
  readonly bareP95Ms: number;
  /** p50 through the API against query embedding and a bare hybrid Qdrant query. */
  readonly ratio: number;
}



/** Short enough that the machine does not drift between the two, long enough that neither runs on caches that the other has filled. */
const blockLength = 25;

/** (b) One search after the other, blocks through the API and blocks of the bare pair in turn, in the tenant that the embedding bench filled. */
export async function benchSearch(stack: FullStack, tenant: string, chunks: number, warmUp: readonly string[], queries: readonly string[]): Promise<SearchReport> {
  const token = await stack.tokenFor(tenant);
  const embedder = await createOnnxEmbedder({ modelDirectory: stack.environment['CATALYST_EMBEDDING_MODEL_DIR'] ?? '', threads: 2 });
  const qdrant = stack.environment['QDRANT_URL'] ?? '';
  const api: number[] = [];
  const bare: number[] = [];
  const measureInTurn = async (texts: readonly string[]) => {
    for (let first = 0; first < texts.length; first += blockLength) {
      const block = texts.slice(first, first + blockLength);
      for (const query of block) api.push(await timed(() => searchThroughApi(stack.apiUrl, token, query)));
      for (const query of block) bare.push(await timed(() => searchBare(embedder, qdrant, tenant, query)));
    }
  };
  try {
    // A process that serves for a while has its code compiled; the first hundreds of searches of its life are not what users see.
    await measureInTurn(warmUp);
    api.length = 0;
    bare.length = 0;
    await measureInTurn(queries);
  } finally {
    await embedder.close();
  }
  return {
    queries: api.length,
    chunks,
    apiP50Ms: round(quantile(api, 0.5)),
    apiP95Ms: round(quantile(api, 0.95)),
    bareP50Ms: round(quantile(bare, 0.5)),
    bareP95Ms: round(quantile(bare, 0.95)),
    ratio: round(quantile(api, 0.5) / quantile(bare, 0.5), 3),
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function searchThroughApi(url: string, token: string, query: string): Promise<void> {
  const { results } = (await post(`${url}/v1/search`, { query, limit: 10, rerank: 'none' }, { authorization: `Bearer ${token}` })) as { results: unknown[] };
  if (results.length === 0) throw new Error(`The API found nothing for "${query}".`);
}

/** What a user would write by hand: embed the query, one hybrid query with both legs, the payload of ten results. */
async function searchBare(embedder: Embedder, qdrant: string, tenant: string, query: string): Promise<void> {
  const dense = Array.from(await embedder.embedQuery(query));
  const sparse = querySparseVector(query);
  const filter = { must: [{ key: 'tenant', match: { value: tenant } }, { key: 'visible', match: { value: true } }] };
  const { result } = (await post(`${qdrant}/collections/catalyst/points/query`, {
    prefetch: [
      { query: dense, using: 'dense', filter, limit: 100 },
      { query: { indices: sparse.indices, values: sparse.values }, using: 'sparse', filter, limit: 100 },
    ],
    query: { fusion: 'rrf' },
    limit: 10,
    with_payload: true,
  })) as { result: { points: unknown[] } };
  if (result.points.length === 0) throw new Error(`Qdrant found nothing for "${query}".`);
}

async function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
