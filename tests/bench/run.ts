/**
 * `npm run bench`: what ingestion and search cost besides what they cannot do without, as ratios within one run.
 * Options: --json FILE, --corpus FOLDER (BEIR; default ../shared/data/scifact), --documents N (default: all of the corpus), --only embedding,search,workflows,memory,parsing
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { DocumentInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import { readDocuments, readQueries } from './corpus.ts';
import { benchEmbedding } from './embeddingBench.ts';
import type { EmbeddingReport } from './embeddingBench.ts';
import { benchMemory } from './memoryBench.ts';
import type { MemoryReport } from './memoryBench.ts';
import { benchParsing } from './parsingMemoryBench.ts';
import type { ParsingReport } from './parsingMemoryBench.ts';
import { benchSearch } from './searchBench.ts';
import type { SearchReport } from './searchBench.ts';
import { renderReport } from './report.ts';
import { benchWorkflows } from './workflowBench.ts';
import type { WorkflowReport } from './workflowBench.ts';

export interface BenchReport {
  readonly date: string;
  readonly machine: string;
  embedding?: EmbeddingReport;
  search?: SearchReport;
  workflows?: WorkflowReport;
  memory?: MemoryReport;
  parsing?: ParsingReport;
}

const parts = ['embedding', 'search', 'workflows', 'memory', 'parsing'] as const;
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
  const report: BenchReport = { date: new Date().toISOString(), machine: `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}` };
  if (wanted.has('embedding') || wanted.has('search')) await measureModel(report, values.corpus, Number(values.documents), wanted.has('search'));
  if (wanted.has('workflows')) {
    log('workflows: one a document, with a stub embedder (about 2 minutes) …');
    report.workflows = await benchWorkflows(400);
  }
  if (wanted.has('memory')) {
    log('memory: 20,000 documents with a stub embedder (about 4 minutes) …');
    report.memory = await benchMemory();
  }
  if (wanted.has('parsing')) {
    log('parsing: three large files, each in a process of its own (about 20 seconds) …');
    report.parsing = await benchParsing();
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
