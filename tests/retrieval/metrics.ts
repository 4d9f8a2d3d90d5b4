/** Grades of the judged documents of one query by document id; above 0 is relevant. */
export type Judgements = ReadonlyMap<string, number>;

export interface QueryMetrics {
  readonly ndcg10: number;
  readonly recall10: number;
  readonly recall100: number;
  /** Reciprocal rank of the first relevant document among the first ten. */
  readonly mrr: number;
}

/** Metrics of one query, as trec_eval (and so BEIR) computes them: gains are the grades themselves; unjudged documents count as irrelevant. */
export function queryMetrics(ranking: readonly string[], judgements: Judgements): QueryMetrics {
  const ranked = [...new Set(ranking)];
  return { ndcg10: ndcg(ranked, judgements, 10), recall10: recall(ranked, judgements, 10), recall100: recall(ranked, judgements, 100), mrr: reciprocalRank(ranked, judgements, 10) };
}

/** Discounted gain of the first `cutoff` documents, as a share of the best possible; 0 where nothing is relevant. */
export function ndcg(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const ideal = discountedGain([...judgements.values()].filter((grade) => grade > 0).sort((left, right) => right - left), cutoff);
  if (ideal === 0) return 0;
  return discountedGain(ranking.map((id) => Math.max(0, judgements.get(id) ?? 0)), cutoff) / ideal;
}

function discountedGain(gains: readonly number[], cutoff: number): number {
  return gains.slice(0, cutoff).reduce((total, gain, position) => total + gain / Math.log2(position + 2), 0);
}

/** Share of the relevant documents that are among the first `cutoff`. */
export function recall(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const relevant = [...judgements].filter(([, grade]) => grade > 0);
  if (relevant.length === 0) return 0;
  const found = new Set(ranking.slice(0, cutoff));
  return relevant.filter(([id]) => found.has(id)).length / relevant.length;
}

export function reciprocalRank(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const position = ranking.slice(0, cutoff).findIndex((id) => (judgements.get(id) ?? 0) > 0);
  return position < 0 ? 0 : 1 / (position + 1);
}

/** Plain mean of each metric over all queries. */
export function meanMetrics(all: readonly QueryMetrics[]): QueryMetrics {
  const mean = (metric: keyof QueryMetrics): number => (all.length === 0 ? 0 : all.reduce((total, one) => total + one[metric], 0) / all.length);
  return { ndcg10: mean('ndcg10'), recall10: mean('recall10'), recall100: mean('recall100'), mrr: mean('mrr') };
}

/** The value below which `share` (0 to 1) of the values lie; 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
