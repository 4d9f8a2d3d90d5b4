/**
 * `npm run bench`: what ingestion and search cost besides what they cannot do without, as ratios within one run.
 * Options: --json FILE, --corpus FOLDER (BEIR; default ../shared/data/scifact), --documents N (default: all of the corpus), --only PARTS,
 * PARTS out of embedding,search,overhead,legs,throughput,cached,overload,workflows,memory,parsing,fairness,remaining,rebuild; all of them take
 * about 50 minutes. --chunks N: overhead to overload over so many invented passages with a stub embedder, instead of the corpus.
 * `npm run bench:scale` is apart.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DocumentInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import { readDocuments, readQueries } from './corpus.ts';
import { benchEmbedding } from './embeddingBench.ts';
import type { EmbeddingReport } from './embeddingBench.ts';
import { benchFairness } from './fairnessBench.ts';
import type { FairnessReport } from './fairnessBench.ts';
import { inventPassages, inventQueries } from './load/inventedPassages.ts';
import { benchLoad, loadParts } from './load/loadBench.ts';
import type { LoadReport } from './load/loadBench.ts';
import { fillTarget } from './load/target.ts';
import type { LoadTarget } from './load/target.ts';
import { describeMachine } from './machine/describeMachine.ts';
import type { Machine } from './machine/describeMachine.ts';
import { benchMemory } from './memoryBench.ts';
import type { MemoryReport } from './memoryBench.ts';
import { benchParsing } from './parsingMemoryBench.ts';
import type { ParsingReport } from './parsingMemoryBench.ts';
import { benchRebuild } from './rebuildBench.ts';
import type { RebuildReport } from './rebuildBench.ts';
import { benchRemaining } from './remainingBench.ts';
import type { RemainingReport } from './remainingBench.ts';
import { benchSearch } from './searchBench.ts';
import type { SearchReport } from './searchBench.ts';
import { renderReport } from './report.ts';
import { benchWorkflows } from './workflowBench.ts';
import type { WorkflowReport } from './workflowBench.ts';

export interface BenchReport extends Machine {
  embedding?: EmbeddingReport;
  search?: SearchReport;
  load?: LoadReport;
  workflows?: WorkflowReport;
  memory?: MemoryReport;
  parsing?: ParsingReport;
  fairness?: FairnessReport;
  remaining?: RemainingReport;
  rebuild?: RebuildReport;
}

const parts = ['embedding', 'search', ...loadParts, 'workflows', 'memory', 'parsing', 'fairness', 'remaining', 'rebuild'] as const;
/** Enough for a rate; all of the corpus would measure the model for minutes more. */
const mostRebuilt = 3_000;
const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      corpus: { type: 'string', default: '../shared/data/scifact' },
      chunks: { type: 'string' },
      documents: { type: 'string', default: '10000' },
      only: { type: 'string', default: parts.join(',') },
    },
  });
  const wanted = new Set(values.only.split(','));
  const unknown = [...wanted].filter((part) => !parts.some((known) => known === part));
  if (unknown.length > 0) throw new Error(`--only knows ${parts.join(', ')}, not ${unknown.join(', ')}.`);
  const report: BenchReport = describeMachine();
  const load = loadParts.some((part) => wanted.has(part));
  if (wanted.has('embedding') || wanted.has('search') || (load && values.chunks === undefined)) await measureOnCorpus(report, values.corpus, Number(values.documents), values.chunks === undefined ? wanted : without(wanted, loadParts));
  if (load && values.chunks !== undefined) report.load = await measureOnInvented(Number(values.chunks), wanted);
  if (wanted.has('workflows')) {
    log('workflows: one a document, with a stub embedder (about 2 minutes) …');
    report.workflows = await benchWorkflows(400);
  }
  if (wanted.has('memory')) {
    log('memory: 20,000 documents with a stub embedder (about 5 minutes) …');
    report.memory = await benchMemory();
  }
  if (wanted.has('parsing')) {
    log('parsing: three large files, each in a process of its own, then through a worker (about 6 minutes) …');
    report.parsing = await benchParsing();
  }
  if (wanted.has('fairness')) {
    log('fairness: a small tenant alone and beside a dump, with the embedded model (about 2 minutes) …');
    report.fairness = await benchFairness(await readDocuments(values.corpus, Number(values.documents)), log);
  }
  if (wanted.has('remaining')) {
    log('remaining: jobs of several kinds, asked every second how long they will take (about 10 minutes) …');
    report.remaining = await benchRemaining(await readDocuments(values.corpus, Number(values.documents)), log);
  }
  if (wanted.has('rebuild')) {
    log('rebuild: the index of artifacts against first ingestion, then a backup and its restore (about 4 minutes) …');
    report.rebuild = await benchRebuild(await readDocuments(values.corpus, Math.min(mostRebuilt, Number(values.documents))), log);
  }
  console.log(renderReport(report));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

async function measureOnCorpus(report: BenchReport, corpus: string, documents: number, wanted: ReadonlySet<string>): Promise<void> {
  const stack = await startFullStack();
  const tenant = 'bench-embedding';
  try {
    const texts = await readDocuments(corpus, documents);
    const queries = await readQueries(corpus, 300);
    let target: LoadTarget;
    if (wanted.has('embedding') || wanted.has('search')) {
      log(`embedding: ${corpus} (about 5 minutes) …`);
      report.embedding = await benchEmbedding(stack, texts);
      target = { stack, tenant, chunks: report.embedding.chunks, embedder: 'onnx', queries };
    } else {
      log(`load: ingesting ${corpus} (about 3 minutes) …`);
      target = await fillTarget(stack, { tenant, embedder: 'onnx', documents: texts, queries });
    }
    if (wanted.has('search')) {
      log('search: through the API and bare, in turn …');
      report.search = await benchSearch(stack, tenant, target.chunks, titlesOf(texts).slice(0, 300), queries);
    }
    if (loadParts.some((part) => wanted.has(part))) report.load = await benchLoad(target, wanted, log);
  } finally {
    await stack.stop();
  }
}

async function measureOnInvented(chunks: number, wanted: ReadonlySet<string>): Promise<LoadReport> {
  const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub' });
  try {
    log(`load: ingesting ${chunks} invented passages with a stub embedder (about ${Math.ceil(chunks / 12_000)} minutes) …`);
    return await benchLoad(await fillTarget(stack, { tenant: 'bench-load', embedder: 'stub', documents: inventPassages(chunks), queries: inventQueries(300) }), wanted, log);
  } finally {
    await stack.stop();
  }
}

const without = (wanted: ReadonlySet<string>, parts: readonly string[]): ReadonlySet<string> => new Set([...wanted].filter((part) => !parts.includes(part)));

const titlesOf = (documents: readonly DocumentInput[]): string[] => documents.flatMap(({ title }) => (title === undefined ? [] : [title]));

await main();
process.exit(0);
