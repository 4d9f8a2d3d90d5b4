import { readFile } from 'node:fs/promises';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { makeNotes } from './corpus.ts';
import { measureIngest } from './ingestRun.ts';
import { round } from './statistics.ts';

export interface MemoryReport {
  readonly points: readonly { readonly documents: number; readonly apiMegabytes: number; readonly workerMegabytes: number; readonly documentsPerSecond: number }[];
  /** Memory after all documents against that after the first thousand. */
  readonly apiRatio: number;
  readonly workerRatio: number;
}

const steps = [1_000, 5_000, 10_000, 20_000];

/** (d) Resident memory of API and worker while documents accumulate; a stub embedder, so that it takes minutes rather than hours. */
export async function benchMemory(): Promise<MemoryReport> {
  const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub' });
  try {
    const client = await stack.clientFor('bench-memory');
    const notes = makeNotes(steps.at(-1) ?? 0);
    const points: MemoryReport['points'][number][] = [];
    let ingested = 0;
    for (const step of steps) {
      const run = await measureIngest(client, notes.slice(ingested, step));
      ingested = step;
      points.push({ documents: step, apiMegabytes: await residentMegabytes(stack, 'api'), workerMegabytes: await residentMegabytes(stack, 'worker'), documentsPerSecond: round(run.documents / run.seconds, 1) });
    }
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) throw new Error('Nothing was measured.');
    return { points, apiRatio: round(last.apiMegabytes / first.apiMegabytes), workerRatio: round(last.workerMegabytes / first.workerMegabytes) };
  } finally {
    await stack.stop();
  }
}

async function residentMegabytes(stack: FullStack, service: 'api' | 'worker'): Promise<number> {
  const status = await readFile(`/proc/${stack.services[service]?.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024);
}
