import type { CompactionThresholds, IndexStatistics } from '../contracts/generations.ts';

export interface CompactionDecision {
  readonly compact: boolean;
  /** In sentences for people. */
  readonly because: readonly string[];
}

/** Whether an index is to be made anew; every threshold says what it found. `misfits`: what of its layout no longer fits its size. */
export function decideCompaction(statistics: IndexStatistics, thresholds: CompactionThresholds, force = false, misfits: readonly string[] = []): CompactionDecision {
  if (force) return { compact: true, because: ['It was asked for.'] };
  if (statistics.points < thresholds.leastPoints) return { compact: false, because: [`${statistics.points} points are fewer than the ${thresholds.leastPoints} from which on it is worth it.`] };
  const findings = [
    finding('of all points were deleted or replaced', percent(statistics.removedRatio), statistics.removedRatio, thresholds.removedRatio, percent),
    finding('segments', String(statistics.segments), statistics.segments, thresholds.segments, String),
    finding('vectors are without a graph', String(statistics.unindexedVectors), statistics.unindexedVectors, thresholds.unindexedVectors, String),
  ];
  const reached = findings.filter((each) => each.reached);
  if (reached.length === 0 && misfits.length === 0) return { compact: false, because: findings.map(({ text }) => text) };
  return { compact: true, because: [...reached.map(({ text }) => text), ...misfits] };
}

function finding(what: string, shown: string, value: number, threshold: number | null, show: (value: number) => string): { readonly reached: boolean; readonly text: string } {
  if (threshold === null) return { reached: false, text: `${shown} ${what}; that is not watched.` };
  const reached = value >= threshold;
  return { reached, text: `${shown} ${what}; the threshold is ${show(threshold)}.` };
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}
