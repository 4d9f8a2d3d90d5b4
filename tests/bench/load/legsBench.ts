import type { SearchRequest } from '../../../src/contracts/search.ts';
import { round } from '../statistics.ts';
import { createApiCaller } from './apiCaller.ts';
import { callTimes } from './closedLoop.ts';
import { textOf, timesOf } from './figures.ts';
import type { Figure, Times } from './figures.ts';
import { distinctQueries } from './target.ts';
import type { LoadTarget } from './target.ts';

export interface LegsReport {
  readonly callers: number;
  /** With 429; they are in no time. */
  readonly refused: number;
  readonly hybrid: Times;
  readonly dense: Times;
  readonly sparse: Times;
  /** Hybrid with the built-in rerank; undefined where the embedder has no vectors of tokens. */
  readonly reranked: Times | undefined;
}

const blocks = 12;
const blockSearches = 64;
const warmUpBlocks = 3;
const variants = {
  hybrid: { mode: 'hybrid', rerank: 'none' },
  dense: { mode: 'dense' },
  sparse: { mode: 'sparse' },
  reranked: { mode: 'hybrid', rerank: 'built-in' },
} as const satisfies Record<string, Pick<SearchRequest, 'mode'> & Partial<SearchRequest>>;
type Variant = keyof typeof variants;
const mostMoreMs = 10;
const mostRerankMs = 50;

/** Both legs against one alone, and against both reranked, in blocks in turn. */
export async function benchLegs(target: LoadTarget, callers: number): Promise<LegsReport> {
  const api = await createApiCaller(target.stack, target.tenant, callers);
  const next = distinctQueries(target.queries);
  const names = (Object.keys(variants) as Variant[]).filter((name) => name !== 'reranked' || target.embedder === 'onnx');
  let refused = 0;
  const ask = async (name: Variant): Promise<void> => {
    const startedAt = performance.now();
    const { status } = await api.search({ query: next(), ...variants[name] });
    if (status === 200) times[name].push(performance.now() - startedAt);
    else if (status === 429) refused += 1;
    else throw new Error(`The API answered ${status}.`);
  };
  const times: Record<Variant, number[]> = { hybrid: [], dense: [], sparse: [], reranked: [] };
  for (let block = 0; block < blocks + warmUpBlocks; block += 1) {
    if (block === warmUpBlocks) for (const name of names) times[name].length = 0;
    for (const name of names) await callTimes(callers, blockSearches, () => ask(name));
  }
  await api.close();
  return { callers, refused, hybrid: timesOf(times.hybrid), dense: timesOf(times.dense), sparse: timesOf(times.sparse), reranked: times.reranked.length === 0 ? undefined : timesOf(times.reranked) };
}

export function legsFigures({ callers, refused, hybrid, dense, sparse, reranked }: LegsReport, chunks: number): Figure[] {
  const what = `hybrid at ${callers} callers over ${chunks} chunks, p95${refused === 0 ? '' : ` (${refused} refused)`}`;
  const more = (other: Times) => round(hybrid.p95 - other.p95);
  const added = reranked === undefined ? undefined : round(reranked.p50 - hybrid.p50);
  return [
    ...(reranked === undefined || added === undefined ? [] : [{ what: `built-in rerank at ${callers} callers over ${chunks} chunks, p50`, measured: textOf(reranked), against: `fused order ${textOf(hybrid)}`, value: `${added > 0 ? '+' : ''}${added} ms`, goal: callers === 1 ? `≤ +${mostRerankMs} ms` : '–', reached: callers === 1 ? added <= mostRerankMs : undefined }]),
    { what, measured: textOf(hybrid), against: `dense alone ${textOf(dense)}`, value: `${more(dense) > 0 ? '+' : ''}${more(dense)} ms`, goal: `≤ +${mostMoreMs} ms`, reached: more(dense) <= mostMoreMs },
    { what, measured: textOf(hybrid), against: `sparse alone ${textOf(sparse)}`, value: `${more(sparse) > 0 ? '+' : ''}${more(sparse)} ms`, goal: '–', reached: undefined },
  ];
}
