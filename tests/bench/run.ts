/**
 * `npm run bench`: what ingestion and search cost besides what they cannot do without, as ratios within one run.
 * Options: --json FILE, --corpus FOLDER (BEIR; default ../shared/data/scifact), --documents N (default: all of the corpus), --only PARTS,
 * PARTS out of embedding,search,workflows,memory,parsing,fairness,remaining; all of them take about half an hour. `npm run bench:scale` is apart.
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
import { describeMachine } from './machine/describeMachine.ts';
import type { Machine } from './machine/describeMachine.ts';
import { benchMemory } from './memoryBench.ts';
import type { MemoryReport } from './memoryBench.ts';
import { benchParsing } from './parsingMemoryBench.ts';
import type { ParsingReport } from './parsingMemoryBench.ts';
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
  workflows?: WorkflowReport;
  memory?: MemoryReport;
  parsing?: ParsingReport;
  fairness?: FairnessReport;
  remaining?: RemainingReport;
}

const parts = ['embedding', 'search', 'workflows', 'memory', 'parsing', 'fairness', 'remaining'] as const;
const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      corpus: { type: 'string', default: '../shared/data/scifact' },
      documents: { type: 'string', default: '10000' },
      only: { type: 'string', default: parts.join(',') },
    },
  });
  const wanted = new Set(values.only.split(','));
  const unknown = [...wanted].filter((part) => !parts.some((known) => known === part));
  if (unknown.length > 0) throw new Error(`--only knows ${parts.join(', ')}, not ${unknown.join(', ')}.`);
  const report: BenchReport = describeMachine();
  if (wanted.has('embedding') || wanted.has('search')) await measureModel(report, values.corpus, Number(values.documents), wanted.has('search'));
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
  console.log(renderReport(report));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
}

async function measureModel(report: BenchReport, corpus: string, documents: number, withSearch: boolean): Promise<void> {
  const stack = await startFullStack();
  try {
    log(`embedding: ${corpus} (about 5 minutes) …`);
    const texts = await readDocuments(corpus, documents);
    report.embedding = await benchEmbedding(stack, texts);
    if (!withSearch) return;
    log('search: through the API and bare, in turn …');
    report.search = await benchSearch(stack, 'bench-embedding', report.embedding.chunks, titlesOf(texts).slice(0, 300), await readQueries(corpus, 300));
  } finally {
    await stack.stop();
  }
}

const titlesOf = (documents: readonly DocumentInput[]): string[] => documents.flatMap(({ title }) => (title === undefined ? [] : [title]));

await main();
process.exit(0);
