import type { SearchMode } from '../../../src/contracts/search.ts';
import { round } from '../statistics.ts';
import { createApiCaller } from './apiCaller.ts';
import { callTimes, timed } from './closedLoop.ts';
import { textOf, timesOf } from './figures.ts';
import type { Figure, Times } from './figures.ts';
import { distinctQueries } from './target.ts';
import type { LoadTarget } from './target.ts';

export interface LegsReport {
  readonly callers: number;
  readonly hybrid: Times;
  readonly dense: Times;
  readonly sparse: Times;
}

const blocks = 12;
const blockSearches = 64;
const warmUpBlocks = 3;
const modes: readonly SearchMode[] = ['hybrid', 'dense', 'sparse'];
const mostMoreMs = 10;

/** Both legs against one alone, in blocks in turn. */
export async function benchLegs(target: LoadTarget, callers: number): Promise<LegsReport> {
  const api = await createApiCaller(target.stack, target.tenant, callers);
  const next = distinctQueries(target.queries);
  const times: Record<SearchMode, number[]> = { hybrid: [], dense: [], sparse: [] };
  for (let block = 0; block < blocks + warmUpBlocks; block += 1) {
    if (block === warmUpBlocks) for (const mode of modes) times[mode].length = 0;
    for (const mode of modes) await callTimes(callers, blockSearches, async () => void times[mode].push(await timed(() => api.find({ query: next(), mode }))));
  }
  await api.close();
  return { callers, hybrid: timesOf(times.hybrid), dense: timesOf(times.dense), sparse: timesOf(times.sparse) };
}

export function legsFigures({ callers, hybrid, dense, sparse }: LegsReport, chunks: number): Figure[] {
  const what = `hybrid at ${callers} callers over ${chunks} chunks, p95`;
  const more = (other: Times) => round(hybrid.p95 - other.p95);
  return [
    { what, measured: textOf(hybrid), against: `dense alone ${textOf(dense)}`, value: `${more(dense) > 0 ? '+' : ''}${more(dense)} ms`, goal: `≤ +${mostMoreMs} ms`, reached: more(dense) <= mostMoreMs },
    { what, measured: textOf(hybrid), against: `sparse alone ${textOf(sparse)}`, value: `${more(sparse) > 0 ? '+' : ''}${more(sparse)} ms`, goal: '–', reached: undefined },
  ];
}
