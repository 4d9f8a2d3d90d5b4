/** Grades of the judged documents of one query by document id; above 0 is relevant. */
export type Judgements = ReadonlyMap<string, number>;

export const metricNames = ['ndcg10', 'map', 'mrr', 'recall10', 'recall100'] as const;
export type MetricName = (typeof metricNames)[number];

/** How people know the metrics; rankings are 100 deep, so MAP is cut there. */
export const metricTitles: Readonly<Record<MetricName, string>> = { ndcg10: 'nDCG@10', map: 'MAP@100', mrr: 'MRR@10', recall10: 'recall@10', recall100: 'recall@100' };

/** Of one query, or their means; all from 0 to 1. */
export type QueryMetrics = Readonly<Record<MetricName, number>>;

/** Metrics of one query, as trec_eval (and so BEIR) computes them: gains are the grades themselves; unjudged documents count as irrelevant. */
export function queryMetrics(ranking: readonly string[], judgements: Judgements): QueryMetrics {
  const ranked = [...new Set(ranking)];
  return {
    ndcg10: ndcg(ranked, judgements, 10), map: averagePrecision(ranked, judgements, 100), mrr: reciprocalRank(ranked, judgements, 10),
    recall10: recall(ranked, judgements, 10), recall100: recall(ranked, judgements, 100),
  };
}

/** An answered document and its score. */
export interface ScoredDocument {
  readonly id: string;
  readonly score: number;
}

/**
 * Ids in the order they were answered, but among neighbours of one score by id, later ids first, as trec_eval breaks ties.
 * The index breaks ties by identifiers that carry the tenant: without this a run in a fresh tenant would differ by chance.
 */
export function orderTies(documents: readonly ScoredDocument[]): string[] {
  let group = 0;
  const grouped = documents.map((document, position) => {
    if (document.score !== documents[position - 1]?.score) group = position;
    return { id: document.id, group };
  });
  return grouped.sort((left, right) => left.group - right.group || (left.id < right.id ? 1 : left.id > right.id ? -1 : 0)).map(({ id }) => id);
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

/**
 * Mean over all relevant documents of the precision at the place where each is found; one that is not among the first
 * `cutoff` adds nothing, but counts in the divisor. Any grade above 0 is relevant, however high.
 */
export function averagePrecision(ranking: readonly string[], judgements: Judgements, cutoff: number): number {
  const relevant = [...judgements.values()].filter((grade) => grade > 0).length;
  if (relevant === 0) return 0;
  let found = 0;
  let total = 0;
  for (const [position, id] of ranking.slice(0, cutoff).entries()) {
    if ((judgements.get(id) ?? 0) <= 0) continue;
    found += 1;
    total += found / (position + 1);
  }
  return total / relevant;
}

/** Plain mean of each metric over all queries. */
export function meanMetrics(all: readonly QueryMetrics[]): QueryMetrics {
  const means = metricNames.map((metric) => [metric, mean(all.map((one) => one[metric]))] as const);
  return Object.fromEntries(means) as QueryMetrics;
}

/** 0 without values. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
}

/** The value below which `share` (0 to 1) of the values lie; 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
