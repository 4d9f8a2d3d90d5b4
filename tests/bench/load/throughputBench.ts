import { median, round } from '../statistics.ts';
import { createApiCaller } from './apiCaller.ts';
import type { BareSearch } from './bareSearch.ts';
import { callFor } from './closedLoop.ts';
import type { Figure } from './figures.ts';
import { distinctQueries } from './target.ts';
import type { LoadTarget } from './target.ts';

/** Answers a second. */
export interface ThroughputReport {
  readonly callers: number;
  readonly api: number;
  readonly bareLegs: number;
  readonly bare: number;
  /** Through the API against embedding and legs alone: the median of the rounds' ratios. */
  readonly ratio: number;
  readonly ratioWithPayload: number;
  /** Answers of the API other than 200, which do not count. */
  readonly refused: number;
}

const rounds = 5;
const seconds = 5;
const leastRatio = 0.7;

/** As many answers as the callers can get, in rounds in turn. */
export async function benchThroughput(target: LoadTarget, bare: BareSearch, callers: number): Promise<ThroughputReport> {
  const api = await createApiCaller(target.stack, target.tenant, callers);
  const next = distinctQueries(target.queries);
  let refused = 0;
  const throughApi = async () => {
    // A caller who is refused asks again; the time until then is his loss.
    for (;;) {
      const { status } = await api.search({ query: next(), rerank: 'none' });
      if (status === 200) return;
      if (status !== 429) throw new Error(`The API answered ${status}.`);
      refused += 1;
    }
  };
  await callFor(callers, 2 * seconds, throughApi);
  refused = 0;
  const results: { api: number; bareLegs: number; bare: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    results.push({
      api: await callFor(callers, seconds, throughApi),
      bareLegs: await callFor(callers, seconds, async () => void (await bare.search(next(), { payload: false }))),
      bare: await callFor(callers, seconds, async () => void (await bare.search(next(), { payload: true }))),
    });
  }
  await api.close();
  return {
    callers,
    api: round(median(results.map((result) => result.api)), 1),
    bareLegs: round(median(results.map((result) => result.bareLegs)), 1),
    bare: round(median(results.map((result) => result.bare)), 1),
    ratio: round(median(results.map((result) => result.api / result.bareLegs)), 3),
    ratioWithPayload: round(median(results.map((result) => result.api / result.bare)), 3),
    refused,
  };
}

export function throughputFigures({ callers, api, bareLegs, bare, ratio, ratioWithPayload, refused }: ThroughputReport, chunks: number): Figure[] {
  const what = `searches a second at ${callers} callers over ${chunks} chunks`;
  const measured = `${api}/s${refused > 0 ? ` (${refused} refused)` : ''}`;
  return [
    { what, measured, against: `embedding + legs ${bareLegs}/s`, value: String(ratio), goal: `≥ ${leastRatio}`, reached: ratio >= leastRatio },
    { what, measured, against: `embedding + legs + payload of ten ${bare}/s`, value: String(ratioWithPayload), goal: '–', reached: undefined },
  ];
}
