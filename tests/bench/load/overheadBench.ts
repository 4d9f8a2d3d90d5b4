import { round } from '../statistics.ts';
import { createApiCaller } from './apiCaller.ts';
import type { BareSearch } from './bareSearch.ts';
import { callTimes } from './closedLoop.ts';
import { textOf, timesOf } from './figures.ts';
import type { Figure, Times } from './figures.ts';
import { distinctQueries } from './target.ts';
import type { LoadTarget } from './target.ts';

export interface OverheadReport {
  readonly callers: number;
  /** With 429; they are in no time. */
  readonly refused: number;
  readonly api: Times;
  /** Query embedding and the legs. */
  readonly bareLegs: Times;
  /** And the payload of ten hits. */
  readonly bare: Times;
  /** What the API did beside what its own clocks gave to the model and to Qdrant. */
  readonly own: Times;
}

const blocks = 16;
const blockSearches = 96;
const warmUpBlocks = 4;

/** Searches through the API and the bare pair in blocks in turn, so that the drift of the machine meets both. */
export async function benchOverhead(target: LoadTarget, bare: BareSearch, callers: number): Promise<OverheadReport> {
  const api = await createApiCaller(target.stack, target.tenant, callers);
  const next = distinctQueries(target.queries);
  const times = { api: [] as number[], legs: [] as number[], bare: [] as number[], own: [] as number[] };
  let refused = 0;
  const throughApi = async () => {
    const startedAt = performance.now();
    const { status, body } = await api.search({ query: next(), rerank: 'none' });
    const took = performance.now() - startedAt;
    if (status === 429) return void (refused += 1);
    if (body?.timings === undefined) throw new Error(`The API answered ${status}.`);
    times.api.push(took);
    times.own.push(took - body.timings.embedMs - body.timings.retrieveMs - body.timings.payloadMs);
  };
  const withoutApi = async () => {
    const { embedMs, legsMs, payloadMs } = await bare.search(next(), { payload: true });
    times.legs.push(embedMs + legsMs);
    times.bare.push(embedMs + legsMs + payloadMs);
  };
  for (let block = 0; block < blocks + warmUpBlocks; block += 1) {
    if (block === warmUpBlocks) {
      for (const list of Object.values(times)) list.length = 0;
      refused = 0;
    }
    await callTimes(callers, blockSearches, throughApi);
    await callTimes(callers, blockSearches, withoutApi);
  }
  await api.close();
  return { callers, refused, api: timesOf(times.api), bareLegs: timesOf(times.legs), bare: timesOf(times.bare), own: timesOf(times.own) };
}

export function overheadFigures({ callers, refused, api, bareLegs, bare, own }: OverheadReport, chunks: number): Figure[] {
  const what = `API time at ${callers} callers over ${chunks} chunks${refused === 0 ? '' : ` (${refused} refused)`}`;
  const difference = (other: Times, part: 'p50' | 'p99', goal: number | undefined, against: string): Figure => {
    const more = round(api[part] - other[part]);
    return { what: `${what}, ${part}`, measured: textOf(api), against: `${against} ${textOf(other)}`, value: `${more > 0 ? '+' : ''}${more} ms`, goal: goal === undefined ? '–' : `≤ +${goal} ms`, reached: goal === undefined ? undefined : more <= goal };
  };
  const judged = callers > 1;
  return [
    difference(bareLegs, 'p50', judged ? 3 : undefined, 'embedding + legs'),
    difference(bareLegs, 'p99', judged ? 10 : undefined, 'embedding + legs'),
    difference(bare, 'p50', undefined, 'embedding + legs + payload of ten'),
    difference(bare, 'p99', undefined, 'embedding + legs + payload of ten'),
    { what: `${what}, beside what its own clocks give to model and Qdrant`, measured: textOf(own), against: '–', value: '', goal: '–', reached: undefined },
  ];
}
