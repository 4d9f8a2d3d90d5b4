import type { Job } from '../../../src/contracts/jobs.ts';
import type { CatalystClient, DocumentInput } from '../../../src/sdk/client.ts';
import { startFullStack } from '../../support/fullStack.ts';
import type { FullStack } from '../../support/fullStack.ts';
import { makeNotes } from '../corpus.ts';
import { watchMemory } from '../machine/memoryWatch.ts';
import type { MemoryCourse } from '../machine/memoryWatch.ts';
import { usageOf } from '../machine/processUsage.ts';
import { median, round } from '../statistics.ts';
import { measurePace } from './documentPace.ts';
import { measureStores } from './storeSizes.ts';
import type { StoreSizes } from './storeSizes.ts';
import { measureHistories } from './workflowHistories.ts';
import type { WorkflowHistories } from './workflowHistories.ts';

const services = ['worker', 'api', 'postgres', 'qdrant', 'temporal', 's3'] as const;
type Service = (typeof services)[number];

/** One size, in a stack of its own. */
export interface ScalePoint {
  readonly documents: number;
  readonly seconds: number;
  readonly documentsPerSecond: number;
  /** Of each tenth of the documents, in the order in which they ended. */
  readonly pace: readonly number[];
  readonly memory: Readonly<Record<'worker' | 'api', MemoryCourse>>;
  /** Milliseconds of processor time for a document. */
  readonly cpuPerDocument: Readonly<Record<Service, number>>;
  readonly histories: Readonly<Record<string, WorkflowHistories>>;
  /** Bytes more than before the first document. */
  readonly stores: StoreSizes;
}

export interface ScaleReport {
  readonly points: readonly ScalePoint[];
  /** Seconds for a document at the largest size against the smallest: 1 is flat. */
  readonly secondsRatio: number;
  /** The same of the processor time of all services together, which depends less on what else the machine does. */
  readonly cpuRatio: number;
}

const warmUpDocuments = 512;
const documentsPerRequest = 10_000;
/** A small job is over before it says much: it is run so often, and the median counts. */
const timesSmall = 3;
const smallDocuments = 2_000;

/** The whole stack with a stub embedder, one job a size; the sizes do not share a stack, so that each starts from nothing. */
export async function benchScale(sizes: readonly number[], log: (line: string) => void): Promise<ScaleReport> {
  const points: ScalePoint[] = [];
  for (const size of [...sizes].sort((left, right) => left - right)) {
    log(`scale: ${size} documents …`);
    points.push(await measureSize(size));
  }
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) throw new Error('There is no size to measure.');
  return { points, secondsRatio: round(first.documentsPerSecond / last.documentsPerSecond, 3), cpuRatio: round(sumOf(last.cpuPerDocument) / sumOf(first.cpuPerDocument), 3) };
}

async function measureSize(documents: number): Promise<ScalePoint> {
  const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub' });
  try {
    await ingestAsOneJob(await stack.clientFor('warm-up'), makeNotes(warmUpDocuments));
    const storesBefore = await measureStores(stack);
    const memory = await watchMemory({ worker: processOf(stack, 'worker'), api: processOf(stack, 'api') });
    const runs: Run[] = [];
    for (let time = 0; time < (documents <= smallDocuments ? timesSmall : 1); time += 1) runs.push(await measureRun(stack, `scale-${time}`, documents));
    const seconds = median(runs.map((run) => run.seconds));
    const run = runs.find((one) => one.seconds === seconds) ?? runs[0]!;
    const courses = await memory.stop();
    const stores = await measureStores(stack);
    return {
      documents,
      seconds: round(seconds),
      documentsPerSecond: round(documents / seconds, 1),
      pace: run.pace,
      memory: courses,
      cpuPerDocument: Object.fromEntries(services.map((service) => [service, round(median(runs.map(({ cpuPerDocument }) => cpuPerDocument[service])))])) as Record<Service, number>,
      histories: run.histories,
      stores: grown(storesBefore, stores, runs.length),
    };
  } finally {
    await stack.stop();
  }
}

type Run = Pick<ScalePoint, 'seconds' | 'pace' | 'cpuPerDocument' | 'histories'>;

async function measureRun(stack: FullStack, tenant: string, documents: number): Promise<Run> {
  const client = await stack.clientFor(tenant);
  const notes = makeNotes(documents);
  const roots = Object.fromEntries(services.map((service) => [service, processOf(stack, service)])) as Record<Service, number>;
  const before = await usageOf(roots);
  const startedAt = performance.now();
  const job = await ingestAsOneJob(client, notes);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await usageOf(roots);
  const cpu = services.map((service) => [service, (1000 * (after[service].cpuSeconds - before[service].cpuSeconds)) / documents] as const);
  return { seconds, pace: await measurePace(stack, tenant, job), cpuPerDocument: Object.fromEntries(cpu) as Record<Service, number>, histories: await measureHistories(stack, tenant) };
}

/** From the first request to the end of the job; what one request cannot hold joins the job while it runs. */
async function ingestAsOneJob(client: CatalystClient, documents: readonly DocumentInput[]): Promise<Job> {
  const { jobId } = await client.ingest({ documents: documents.slice(0, documentsPerRequest) });
  for (let first = documentsPerRequest; first < documents.length; first += documentsPerRequest) {
    await client.jobs.add(jobId, { documents: documents.slice(first, first + documentsPerRequest) });
  }
  const job = await client.waitForJob(jobId);
  if (job.state !== 'succeeded' || job.counts.succeeded !== documents.length) throw new Error(`The job is ${job.state}: ${JSON.stringify(job.counts)} ${JSON.stringify(job.failures)}`);
  return job;
}

function processOf(stack: FullStack, service: Service): number {
  const pid = stack.services[service]?.pid;
  if (pid === undefined) throw new Error(`This stack does not run ${service} itself: its processor time cannot be seen.`);
  return pid;
}

/** For one run of several. */
function grown(before: StoreSizes, after: StoreSizes, runs: number): StoreSizes {
  const more = (one: number, other: number) => Math.round((other - one) / runs);
  return {
    postgres: more(before.postgres, after.postgres),
    tables: Object.fromEntries(Object.entries(after.tables).map(([name, bytes]) => [name, more(before.tables[name] ?? 0, bytes)])),
    qdrant: more(before.qdrant, after.qdrant),
    temporal: more(before.temporal, after.temporal),
    s3: more(before.s3, after.s3),
    s3Objects: more(before.s3Objects, after.s3Objects),
  };
}

function sumOf(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((sum, value) => sum + value, 0);
}
