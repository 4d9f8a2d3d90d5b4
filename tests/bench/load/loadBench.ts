import { createBareSearch } from './bareSearch.ts';
import type { BareSearch } from './bareSearch.ts';
import { benchCached, cachedFigures } from './cachedBench.ts';
import type { CachedReport } from './cachedBench.ts';
import type { Figure } from './figures.ts';
import { benchLegs, legsFigures } from './legsBench.ts';
import type { LegsReport } from './legsBench.ts';
import { benchOverhead, overheadFigures } from './overheadBench.ts';
import type { OverheadReport } from './overheadBench.ts';
import { benchOverload, overloadFigures } from './overloadBench.ts';
import type { OverloadReport } from './overloadBench.ts';
import type { LoadTarget } from './target.ts';
import { benchThroughput, throughputFigures } from './throughputBench.ts';
import type { ThroughputReport } from './throughputBench.ts';

export const loadParts = ['overhead', 'legs', 'throughput', 'cached', 'overload'] as const;
export type LoadPart = (typeof loadParts)[number];

export interface LoadReport {
  readonly chunks: number;
  readonly embedder: LoadTarget['embedder'];
  overhead?: readonly OverheadReport[];
  legs?: readonly LegsReport[];
  throughput?: ThroughputReport;
  cached?: CachedReport;
  overload?: OverloadReport;
}

/** The parts that are wanted, one after the other, on one corpus. */
export async function benchLoad(target: LoadTarget, wanted: ReadonlySet<string>, log: (line: string) => void): Promise<LoadReport> {
  const report: LoadReport = { chunks: target.chunks, embedder: target.embedder };
  const needsBare = wanted.has('overhead') || wanted.has('throughput');
  const bare = needsBare ? await createBareSearch(target) : undefined;
  try {
    if (bare !== undefined) await benchAgainstBare(report, target, bare, wanted, log);
  } finally {
    await bare?.close();
  }
  if (wanted.has('legs')) {
    log('legs: both and each alone, in blocks in turn …');
    report.legs = [await benchLegs(target, 1), await benchLegs(target, 8)];
  }
  if (wanted.has('cached')) {
    log('cached: the same queries over and over …');
    report.cached = await benchCached(target);
  }
  if (wanted.has('overload')) {
    log('overload: a ramp to saturation, then three times as much (about 4 minutes) …');
    report.overload = await benchOverload(target, log);
  }
  return report;
}

async function benchAgainstBare(report: LoadReport, target: LoadTarget, bare: BareSearch, wanted: ReadonlySet<string>, log: (line: string) => void): Promise<void> {
  if (wanted.has('overhead')) {
    log('overhead: through the API and bare, in blocks in turn …');
    report.overhead = [await benchOverhead(target, bare, 1), await benchOverhead(target, bare, 8)];
  }
  if (wanted.has('throughput')) {
    log('throughput: 32 callers, through the API and bare, in turn …');
    report.throughput = await benchThroughput(target, bare, 32);
  }
}

export function loadFigures({ chunks, overhead, legs, throughput, cached, overload }: LoadReport): Figure[] {
  return [
    ...(overhead ?? []).flatMap((one) => overheadFigures(one, chunks)),
    ...(legs ?? []).flatMap((one) => legsFigures(one, chunks)),
    ...(throughput === undefined ? [] : throughputFigures(throughput, chunks)),
    ...(cached === undefined ? [] : cachedFigures(cached, chunks)),
    ...(overload === undefined ? [] : overloadFigures(overload, chunks)),
  ];
}
