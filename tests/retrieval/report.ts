import type { SearchMode } from '../../src/contracts/search.ts';
import { rate, whole } from '../../src/cli/output/numbers.ts';
import { table } from '../../src/cli/output/table.ts';
import { sentenceWithCode } from '../../src/sdk/apiError.ts';
import type { FailedDocument } from './ingestCollection.ts';
import type { ModeResult } from './searchQueries.ts';

export interface EvaluationReport {
  readonly collection: string;
  readonly tenant: string;
  readonly documents: number;
  readonly queries: number;
  /** Judged queries for which no document is relevant: they count as 0 in every mode, as in trec_eval. */
  readonly queriesWithoutRelevant: number;
  readonly modes: Partial<Record<SearchMode, ModeResult>>;
  readonly ingest: { readonly documents: number; readonly chunks: number; readonly seconds: number; readonly documentsPerSecond: number; readonly failed: readonly FailedDocument[] };
}

const shownFailures = 10;

export function reportText(report: EvaluationReport): string {
  const { ingest } = report;
  const rows = Object.entries(report.modes).map(([mode, { ndcg10, recall10, recall100, mrr, latencyMs }]) => [
    mode, ...[ndcg10, recall10, recall100, mrr].map((value) => value.toFixed(4)), `${latencyMs.p50.toFixed(0)} ms`, `${latencyMs.p95.toFixed(0)} ms`,
  ]);
  const heading = ['mode', 'nDCG@10', 'recall@10', 'recall@100', 'MRR@10', 'p50', 'p95'];
  return [
    `${report.collection}: ${whole(report.documents)} documents, ${whole(report.queries)} judged queries (tenant ${report.tenant})\n`,
    `ingested in ${ingest.seconds.toFixed(1)} s: ${rate(ingest.documentsPerSecond)} documents/s, ${whole(ingest.chunks)} chunks\n`,
    report.queriesWithoutRelevant === 0 ? '' : `${report.queriesWithoutRelevant} queries have no relevant document and count as 0\n`,
    failuresText(ingest.failed),
    `\n${table([heading, ...rows], [1, 2, 3, 4, 5, 6])}`,
    verdict(report.modes),
  ].join('');
}

/** Documents that are missing from the index make every figure look worse: each is named. */
function failuresText(failed: readonly FailedDocument[]): string {
  if (failed.length === 0) return '';
  const shown = failed.slice(0, shownFailures).map(({ id, code, message }) => `  ${id}: ${sentenceWithCode(message, code)}\n`);
  return `${whole(failed.length)} documents FAILED and are not in the index:\n${shown.join('')}${failed.length > shownFailures ? `  and ${whole(failed.length - shownFailures)} more (all with --json)\n` : ''}`;
}

function verdict({ hybrid, dense, sparse }: EvaluationReport['modes']): string {
  if (hybrid === undefined || dense === undefined || sparse === undefined) return '';
  const best = Math.max(dense.ndcg10, sparse.ndcg10);
  return `\nhybrid is ${hybrid.ndcg10 > best ? 'above' : 'NOT above'} both legs: ${hybrid.ndcg10.toFixed(4)} against ${best.toFixed(4)}\n`;
}
