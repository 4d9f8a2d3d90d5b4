import autocannon from 'autocannon';
import { round } from '../statistics.ts';
import type { Figure } from './figures.ts';
import type { LoadTarget } from './target.ts';

export interface CachedReport {
  readonly connections: number;
  readonly answersPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 2xx, errors and time-outs. */
  readonly failed: number;
  /** GET /livez under the same load: what an answer costs here without any work, and how much is left for it. */
  readonly idleAnswersPerSecond: number;
}

const connections = 32;
const seconds = 10;
const differentQueries = 20;
const leastPerSecond = 2_000;

/** The same few queries over and over, by autocannon. */
export async function benchCached(target: LoadTarget): Promise<CachedReport> {
  const headers = { authorization: `Bearer ${await target.stack.tokenFor(target.tenant)}`, 'content-type': 'application/json' };
  const requests = target.queries.slice(0, differentQueries).map((query) => ({ method: 'POST' as const, path: '/v1/search', headers, body: JSON.stringify({ query }) }));
  const run = (duration: number) => autocannon({ url: target.stack.apiUrl, connections, duration, requests });
  await run(seconds / 2);
  const result = await run(seconds);
  const idle = await autocannon({ url: `${target.stack.apiUrl}/livez`, connections, duration: seconds / 2 });
  return {
    connections,
    answersPerSecond: round(result['2xx'] / result.duration, 1),
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
    idleAnswersPerSecond: round(idle['2xx'] / idle.duration, 1),
  };
}

export function cachedFigures({ connections, answersPerSecond, p50, p99, failed, idleAnswersPerSecond }: CachedReport, chunks: number): Figure[] {
  return [
    {
      what: `the same ${differentQueries} queries at ${connections} connections over ${chunks} chunks`,
      measured: `${answersPerSecond}/s, p50 ${p50}, p99 ${p99} ms, ${failed} refused or failed`,
      against: `GET /livez ${idleAnswersPerSecond}/s`,
      value: `${answersPerSecond}/s`,
      goal: `≥ ${leastPerSecond}/s`,
      reached: answersPerSecond >= leastPerSecond && failed === 0,
    },
  ];
}
