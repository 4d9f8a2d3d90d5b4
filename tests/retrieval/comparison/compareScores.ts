import { mean } from '../metrics.ts';
import { bootstrapInterval, randomisationTest, usualSampling } from './significance.ts';
import type { Interval, Sampling } from './significance.ts';

/** One score of a query before and after. */
export interface ScorePair {
  readonly queryId: string;
  readonly before: number;
  readonly after: number;
}

export interface ScoreComparison {
  readonly queries: number;
  readonly before: number;
  readonly after: number;
  /** Mean of after minus before. */
  readonly difference: number;
  /** Queries that score higher after. */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly pValue: number;
  /** 95 % of the mean difference. */
  readonly interval: Interval;
  /** The queries that moved most, furthest first, whether up or down. */
  readonly moved: readonly ScorePair[];
}

/** Nearer than this two scores are the same: sums of gains round differently by the order of their parts. */
const sameWithin = 1e-9;
const shownMoves = 10;

/** Compares scores query by query; without queries all is 0 and nothing is significant. */
export function compareScores(pairs: readonly ScorePair[], sampling: Sampling = usualSampling): ScoreComparison {
  const differences = pairs.map(differenceOf);
  const wins = differences.filter((difference) => difference > 0).length;
  const losses = differences.filter((difference) => difference < 0).length;
  return {
    queries: pairs.length, before: mean(pairs.map(({ before }) => before)), after: mean(pairs.map(({ after }) => after)), difference: mean(differences),
    wins, losses, ties: pairs.length - wins - losses,
    pValue: randomisationTest(differences, sampling), interval: bootstrapInterval(differences, sampling),
    moved: mostMoved(pairs),
  };
}

function differenceOf({ before, after }: ScorePair): number {
  return Math.abs(after - before) < sameWithin ? 0 : after - before;
}

function mostMoved(pairs: readonly ScorePair[]): ScorePair[] {
  return pairs
    .filter((pair) => differenceOf(pair) !== 0)
    .sort((left, right) => Math.abs(differenceOf(right)) - Math.abs(differenceOf(left)) || (left.queryId < right.queryId ? -1 : 1))
    .slice(0, shownMoves);
}
