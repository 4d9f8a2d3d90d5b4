import type { BenchReport } from './run.ts';
import { renderFigures } from './load/figures.ts';
import { loadFigures } from './load/loadBench.ts';
import { median, round } from './statistics.ts';

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly against: string;
  readonly ratio: string;
  readonly goal: string;
}

/** The report as a Markdown table, which is readable in a terminal too. */
export function renderReport(report: BenchReport): string {
  const lines = toRows(report).map((row) => `| ${row.what} | ${row.measured} | ${row.against} | ${row.ratio} | ${row.goal} |`);
  const memory = report.memory?.points.map((point) => `| ${point.documents} | ${point.api.busy} | ${point.api.rested} | ${point.worker.busy} | ${point.worker.rested} | ${point.documentsPerSecond} |`) ?? [];
  return [
    `${report.date} · ${report.machine}`,
    ...(lines.length === 0 ? [] : ['', '| what | measured | against | ratio | goal |', '|---|---|---|---|---|', ...lines]),
    ...renderFigures(report.load === undefined ? [] : loadFigures(report.load)),
    ...renderForetellings(report.remaining),
    ...(memory.length === 0 ? [] : ['', '| documents | API MB | rested | worker MB | rested | documents/s |', '|---|---|---|---|---|---|', ...memory]),
  ].join('\n');
}

function toRows({ embedding, search, workflows, memory, parsing, fairness, remaining, rebuild }: BenchReport): Row[] {
  const rows: Row[] = [];
  if (embedding !== undefined) {
    rows.push({ what: `ingestion of ${embedding.documents} documents, ${embedding.chunks} chunks`, measured: `${embedding.ingestedChunksPerSecond} chunks/s`, against: `model alone ${embedding.rawChunksPerSecond} chunks/s`, ratio: String(embedding.ratio), goal: '≥ 0.85' });
  }
  if (search !== undefined) {
    rows.push({ what: `search p50 over ${search.chunks} chunks`, measured: `${search.apiP50Ms} ms (p95 ${search.apiP95Ms})`, against: `embedding + bare Qdrant ${search.bareP50Ms} ms (p95 ${search.bareP95Ms})`, ratio: String(search.ratio), goal: '≤ 1.3' });
  }
  if (workflows !== undefined) {
    rows.push({ what: `one workflow a document, ${workflows.documents} documents, stub embedder`, measured: `${workflows.ingestedDocumentsPerSecond} documents/s`, against: `no-op workflows ${workflows.bareDocumentsPerSecond} documents/s`, ratio: String(workflows.ratio), goal: '≥ 0.6' });
    rows.push({ what: 'small documents in slices of 128', measured: `${workflows.slicedDocumentsPerSecond} documents/s`, against: `no-op workflows ${workflows.bareDocumentsPerSecond} documents/s`, ratio: String(Math.round((100 * workflows.slicedDocumentsPerSecond) / workflows.bareDocumentsPerSecond) / 100), goal: '–' });
  }
  if (memory !== undefined) {
    rows.push({ what: 'memory at 20,000 documents, after a rest', measured: `API × ${memory.apiRatio}, worker × ${memory.workerRatio}`, against: 'at 1,000 documents', ratio: `${memory.apiRatio} / ${memory.workerRatio}`, goal: 'flat' });
  }
  for (const file of parsing?.files ?? []) {
    rows.push({ what: `memory of parsing and chunking ${file.file} (${file.seconds} s)`, measured: `peak ${file.peakMegabytes} MB`, against: `idle ${file.idleMegabytes} MB`, ratio: `+ ${file.aboveIdleMegabytes} MB`, goal: '< 512 MB' });
  }
  for (const file of parsing?.worker ?? []) {
    rows.push({ what: `memory of the whole worker, ${file.file} (${file.chunks} chunks, ${file.seconds} s)`, measured: `peak ${file.peakMegabytes} MB`, against: `idle ${file.idleMegabytes} MB`, ratio: `+ ${file.aboveIdleMegabytes} MB`, goal: '< 512 MB' });
  }
  if (fairness !== undefined) {
    const seconds = (values: readonly number[]) => `${round(median(values))} s`;
    rows.push({ what: `${fairness.small} documents searchable beside a dump of ${fairness.dumped}`, measured: seconds(fairness.besideSeconds), against: `alone ${seconds(fairness.aloneSeconds)}`, ratio: String(fairness.ratio), goal: '< 2, aim 1.2' });
  }
  if (remaining !== undefined) {
    rows.push({ what: 'truth inside the interval of the remaining time', measured: `${remaining.inside} of all intervals`, against: `${remaining.insideByJob}, each job counting alike`, ratio: String(remaining.inside), goal: 'aim 0.8' });
  }
  if (rebuild !== undefined) {
    rows.push({ what: `index of ${rebuild.documents} documents, ${rebuild.chunks} chunks, built of artifacts`, measured: `${rebuild.rebuiltDocumentsPerSecond} documents/s (${rebuild.rebuildSeconds} s)`, against: `first ingestion ${rebuild.ingestedDocumentsPerSecond} documents/s`, ratio: String(rebuild.ratio), goal: '≥ 10' });
    rows.push({ what: 'backup of it, and restore into an empty stack', measured: `backup ${rebuild.backup.seconds} s, restore ${rebuild.drill.restoreSeconds} s`, against: `start of the stack ${rebuild.drill.stackSeconds} s`, ratio: '–', goal: '–' });
  }
  return rows;
}

function renderForetellings(remaining: BenchReport['remaining']): string[] {
  if (remaining === undefined) return [];
  const lines = remaining.jobs.map((job) => `| ${job.job} | ${job.seconds} | ${job.answered} of ${job.asked} | ${job.inside} | ${job.endedBefore} / ${job.endedAfter} | ${job.width} | ${job.error} |`);
  return ['', '| job | seconds | intervals | truth inside | ended before / after | width / truth | error of p50 |', '|---|---|---|---|---|---|---|', ...lines];
}
