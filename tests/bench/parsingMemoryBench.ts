import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { column, makePdf } from '../unit/documents/makePdf.ts';
import { restMs } from './machine/memoryWatch.ts';
import { memoryOf, resetPeak } from './machine/peakMemory.ts';
import { round } from './statistics.ts';

export interface ParsingReport {
  readonly files: readonly { readonly file: string; readonly pages: number | null; readonly characters: number; readonly seconds: number; readonly idleMegabytes: number; readonly peakMegabytes: number; readonly aboveIdleMegabytes: number }[];
  readonly mostAboveIdleMegabytes: number;
  /** The same files through a whole worker with the embedded model, from acquisition to the index. */
  readonly worker: readonly WorkerMemory[];
  readonly workerMostAboveIdleMegabytes: number;
}

interface WorkerMemory {
  readonly file: string;
  readonly chunks: number;
  readonly seconds: number;
  readonly idleMegabytes: number;
  readonly peakMegabytes: number;
  readonly aboveIdleMegabytes: number;
}

interface Measured {
  readonly idle: number;
  readonly peak: number;
  readonly seconds: number;
  readonly pages: number | null;
  readonly characters: number;
}

const run = promisify(execFile);
const documents = join(import.meta.dirname, '../../../shared/documents');
const largeFiles = ['pdf/DA-619p.pdf', 'docx/handbook-872p.docx'];
const generatedPages = 2_000;
const linesOfPage = 52;

/** Pages full of text, no two lines alike. */
function largePdf(): Uint8Array {
  return makePdf(Array.from({ length: generatedPages }, (_, page) => [
    { x: 72, y: 750, text: `Chapter ${page + 1}`, size: 16 },
    ...column(72, 720, Array.from({ length: linesOfPage }, (_unused, line) => `Line ${line} of page ${page} tells what happened in the year ${1000 + ((page * 37 + line * 101) % 1000)} and goes on.`)),
  ]));
}

async function measure(file: string): Promise<Measured> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'parsingMemoryProcess.ts'), file], { maxBuffer: 1024 * 1024 });
  return JSON.parse(stdout) as Measured;
}

/** A worker that has done something before, at rest: what a file takes above that. */
async function measureWorker(stack: FullStack, path: string): Promise<WorkerMemory> {
  const pid = stack.services.worker?.pid ?? Number.NaN;
  await setTimeout(restMs);
  const idle = memoryOf(pid, 'VmRSS');
  resetPeak(pid);
  const client = await stack.clientFor('bench-parsing');
  const started = performance.now();
  const { id } = await client.upload(path);
  const { jobId } = await client.ingest({ documents: [{ id: basename(path), uploadId: id }] });
  const job = await client.waitForJob(jobId);
  if (job.counts.succeeded !== 1) throw new Error(`${path} ended ${job.state}: ${JSON.stringify(job.failures)}`);
  const peak = memoryOf(pid, 'VmHWM');
  return { file: basename(path), chunks: job.counts.chunks, seconds: round((performance.now() - started) / 1000, 1), idleMegabytes: idle, peakMegabytes: peak, aboveIdleMegabytes: peak - idle };
}

async function measureWorkers(files: readonly string[]): Promise<WorkerMemory[]> {
  const stack = await startFullStack();
  try {
    const client = await stack.clientFor('bench-parsing');
    const { jobId } = await client.ingest({ documents: [{ id: 'warm-up', text: 'A worker that has done something before.' }] });
    await client.waitForJob(jobId);
    const measured: WorkerMemory[] = [];
    for (const file of files) measured.push(await measureWorker(stack, file));
    return measured;
  } finally {
    await stack.stop();
  }
}

/** (e) Peak resident memory while large files are ingested, above what is taken when idle: of parsing in a process of its own, and of a whole worker. */
export async function benchParsing(): Promise<ParsingReport> {
  const folder = await mkdtemp(join(tmpdir(), 'catalyst-parsing-'));
  try {
    const generated = join(folder, `generated-${generatedPages}p.pdf`);
    await writeFile(generated, largePdf());
    const files: ParsingReport['files'][number][] = [];
    const paths = [...largeFiles.map((name) => join(documents, name)).filter((path) => existsSync(path)), generated];
    for (const file of paths) {
      const { idle, peak, seconds, pages, characters } = await measure(file);
      files.push({ file: basename(file), pages, characters, seconds: round(seconds, 1), idleMegabytes: idle, peakMegabytes: peak, aboveIdleMegabytes: peak - idle });
    }
    const worker = await measureWorkers(paths);
    const most = (all: readonly { readonly aboveIdleMegabytes: number }[]): number => Math.max(...all.map(({ aboveIdleMegabytes }) => aboveIdleMegabytes));
    return { files, mostAboveIdleMegabytes: most(files), worker, workerMostAboveIdleMegabytes: most(worker) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
