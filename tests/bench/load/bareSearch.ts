import { Pool } from 'undici';
import { createOnnxEmbedder } from '../../../src/adapters/embedding/onnxEmbedder.ts';
import { createStubEmbedder } from '../../../src/adapters/embedding/stubEmbedder.ts';
import { denseText, sparseText } from '../../../src/adapters/qdrant/vectorText.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import { searchSettingsFor } from '../../../src/retrieval/settings.ts';
import { querySparseVector } from '../../../src/retrieval/sparse/sparseVector.ts';
import { chunkFilter, pointFilter, statisticsFilter } from '../../../src/tenancy/chunkFilter.ts';
import type { LoadTarget } from './target.ts';

/** Milliseconds; the parts follow one another. */
export interface BareTimes {
  readonly embedMs: number;
  readonly legsMs: number;
  /** 0 where it was not asked for. */
  readonly payloadMs: number;
}

/** What nobody can do without: the query's vector, the same two legs of the same Qdrant, and the payload of ten hits. */
export interface BareSearch {
  search(query: string, options: { readonly payload: boolean }): Promise<BareTimes>;
  close(): Promise<void>;
}

const dimension = 384;

export async function createBareSearch(target: LoadTarget): Promise<BareSearch> {
  const embedder = await createEmbedder(target);
  const pool = new Pool(target.stack.environment['QDRANT_URL'] ?? '', { connections: 32 });
  const principal: Principal = { tenant: target.tenant, subject: 'bench', roles: [], policies: [] };
  const points = `/collections/${target.stack.environment['CATALYST_INDEX_ALIAS'] ?? 'catalyst'}/points`;
  const headers = { 'content-type': 'application/json' };
  const post = async (path: string, body: string): Promise<unknown> => {
    const response = await pool.request({ method: 'POST', path, headers, body });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`Qdrant answered ${response.statusCode}: ${text.slice(0, 500)}`);
    return (JSON.parse(text) as { result: unknown }).result;
  };
  return {
    async search(query, { payload }) {
      const startedAt = performance.now();
      const dense = await embedder.embedQuery(query);
      const embeddedAt = performance.now();
      const ids = idsOf(await post(`${points}/query/batch`, legsBody(principal, query, dense)));
      const foundAt = performance.now();
      if (payload) await post(`${points}/scroll`, JSON.stringify({ filter: pointFilter(principal, ids.slice(0, 10)), limit: 10, with_payload: true }));
      return { embedMs: embeddedAt - startedAt, legsMs: foundAt - embeddedAt, payloadMs: performance.now() - foundAt };
    },
    async close() {
      await Promise.all([pool.destroy(), embedder.close()]);
    },
  };
}

function createEmbedder({ embedder, stack }: LoadTarget): Promise<Embedder> | Embedder {
  if (embedder === 'stub') return createStubEmbedder({ dimension });
  return createOnnxEmbedder({ modelDirectory: stack.environment['CATALYST_EMBEDDING_MODEL_DIR'] ?? '', threads: Number(stack.environment['CATALYST_EMBEDDING_THREADS'] ?? 2) });
}

/** As the product's adapter writes them: src/adapters/qdrant/reading.ts. */
function legsBody(principal: Principal, query: string, dense: Float32Array): string {
  const common = `"filter":${JSON.stringify(chunkFilter(principal, {}))},"limit":${searchSettingsFor({ model: 'any' }).legDepth},"with_payload":false`;
  const statistics = `"params":{"idf":{"corpus":${JSON.stringify(statisticsFilter(principal))}}}`;
  const sparse = querySparseVector(query);
  return `{"searches":[{"query":${denseText(dense)},"using":"dense",${common}},{"query":${sparseText(sparse)},"using":"sparse",${common},${statistics}}]}`;
}

function idsOf(result: unknown): string[] {
  const [dense] = result as readonly { readonly points: readonly { readonly id: string }[] }[];
  if (dense === undefined || dense.points.length === 0) throw new Error('Qdrant found nothing.');
  return dense.points.map(({ id }) => id);
}
