import { setTimeout } from 'node:timers/promises';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { makeNotes } from './corpus.ts';
import { measureIngest } from './ingestRun.ts';
import { restMs } from './machine/memoryWatch.ts';
import { usageOf } from './machine/processUsage.ts';
import { round } from './statistics.ts';

/** Megabytes of resident memory right after the documents, and after a rest, in which garbage is given back. */
interface Held {
  readonly busy: number;
  readonly rested: number;
}

export interface MemoryReport {
  readonly points: readonly { readonly documents: number; readonly api: Held; readonly worker: Held; readonly documentsPerSecond: number }[];
  /** Rested memory after all documents against that after the first thousand. */
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
      const busy = await residentMegabytes(stack);
      await setTimeout(restMs);
      const rested = await residentMegabytes(stack);
      const held = (service: 'api' | 'worker'): Held => ({ busy: busy[service], rested: rested[service] });
      points.push({ documents: step, api: held('api'), worker: held('worker'), documentsPerSecond: round(run.documents / run.seconds, 1) });
    }
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) throw new Error('Nothing was measured.');
    return { points, apiRatio: round(last.api.rested / first.api.rested), workerRatio: round(last.worker.rested / first.worker.rested) };
  } finally {
    await stack.stop();
  }
}

async function residentMegabytes({ services: { api, worker } }: FullStack): Promise<Record<'api' | 'worker', number>> {
  const usages = await usageOf({ api: api?.pid ?? Number.NaN, worker: worker?.pid ?? Number.NaN });
  return { api: Math.round(usages.api.residentMegabytes), worker: Math.round(usages.worker.residentMegabytes) };
}
