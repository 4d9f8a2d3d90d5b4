import { setTimeout } from 'node:timers/promises';
import type { CatalystClient, DocumentInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { median, round } from './statistics.ts';

export interface FairnessReport {
  /** Documents of the small tenants, and of the large one. */
  readonly small: number;
  readonly dumped: number;
  readonly aloneSeconds: readonly number[];
  readonly besideSeconds: readonly number[];
  /** Of the large one's documents, while small ones came and went. */
  readonly dumpPerSecond: number;
  /** Median beside the dump against median alone: 1 would be a tenant that does not notice. */
  readonly ratio: number;
}

const small = 20;
const dumped = 10_000;
const times = 5;
/** Until the window of the dump is in work and its model busy. */
const dumpReadySeconds = 15;

/** (f) Seconds from the request of a small tenant to the moment when all its documents can be found, alone and beside the dump of another; the embedded model. */
export async function benchFairness(documents: readonly DocumentInput[], log: (line: string) => void): Promise<FairnessReport> {
  const stack = await startFullStack();
  try {
    await timeToSearchable(stack, 'warm-up', variants(documents, 'warm-up', 2 * small));
    const alone: number[] = [];
    for (let time = 0; time < times; time += 1) alone.push(await timeToSearchable(stack, `alone-${time}`, variants(documents, `alone-${time}`, small)));
    log(`fairness: alone ${alone.join(', ')} s`);
    const dump = await startDump(stack, documents);
    const before = await dump.finished();
    const startedAt = performance.now();
    const beside: number[] = [];
    for (let time = 0; time < times; time += 1) {
      beside.push(await timeToSearchable(stack, `beside-${time}`, variants(documents, `beside-${time}`, small)));
      await setTimeout(1_000);
    }
    log(`fairness: beside ${beside.join(', ')} s`);
    const after = await dump.finished();
    if (after.left === 0) throw new Error('The dump was over before the measurement.');
    const dumpPerSecond = (after.done - before.done) / ((performance.now() - startedAt) / 1000);
    return { small, dumped, aloneSeconds: alone, besideSeconds: beside, dumpPerSecond: round(dumpPerSecond, 1), ratio: round(median(beside) / median(alone), 2) };
  } finally {
    await stack.stop();
  }
}

async function timeToSearchable(stack: FullStack, tenant: string, documents: readonly DocumentInput[]): Promise<number> {
  const client = await stack.clientFor(tenant);
  const startedAt = performance.now();
  const { jobId } = await client.ingest({ documents });
  const job = await client.waitForJob(jobId);
  const seconds = (performance.now() - startedAt) / 1000;
  if (job.state !== 'succeeded') throw new Error(`The job of ${tenant} is ${job.state}: ${JSON.stringify(job.failures)}`);
  for (const document of documents.slice(-3)) await requireFound(client, document);
  return round(seconds);
}

async function requireFound(client: CatalystClient, document: DocumentInput): Promise<void> {
  const query = 'text' in document ? document.text.slice(0, 200) : '';
  const { results } = await client.search({ query, limit: 5 });
  if (results.length === 0) throw new Error(`"${query}" was not found after its job had succeeded.`);
}

async function startDump(stack: FullStack, documents: readonly DocumentInput[]) {
  const client = await stack.clientFor('dump');
  const { jobId } = await client.ingest({ documents: variants(documents, 'dump', dumped) });
  await setTimeout(dumpReadySeconds * 1000);
  return {
    async finished() {
      const { counts } = await client.jobs.progress(jobId);
      return { done: counts.succeeded, left: counts.queued + counts.running };
    },
  };
}

/** As many documents as are asked for; no text is that of another variant, so that nothing is found made already. */
function variants(documents: readonly DocumentInput[], name: string, count: number): DocumentInput[] {
  return Array.from({ length: count }, (_, position) => {
    const document = documents[position % documents.length]!;
    const text = 'text' in document ? document.text : '';
    return { id: `${name}-${position}`, ...('title' in document && document.title !== undefined ? { title: document.title } : {}), text: `${name} ${position}. ${text}` };
  });
}
