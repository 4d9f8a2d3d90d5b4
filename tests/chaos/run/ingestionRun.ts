import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '../schedule/schedule.ts';
import { countOwed } from '../snapshot/registry.ts';
import { createRegistryReader } from '../snapshot/registryReader.ts';
import type { RegistryReader } from '../snapshot/registryReader.ts';
import { takeSnapshot } from '../snapshot/snapshot.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { startChaosStack } from './chaosStack.ts';
import type { ChaosStack, ChaosStackOptions } from './chaosStack.ts';
import type { CorpusDocument } from './corpus.ts';
import { disturb } from './disturb.ts';
import type { Deed } from './disturb.ts';
import { ProgressWatch } from './progress.ts';
import { SearchWatch, landmark } from './searchWatch.ts';
import type { SearchTally } from './searchWatch.ts';
import { Submission } from './submission.ts';

export interface IngestionOptions extends ChaosStackOptions {
  readonly corpus: readonly CorpusDocument[];
  /** Documents of a request, and so of a job. */
  readonly documentsPerJob: number;
  readonly log: (line: string) => void;
  /** How often each text is embedded without any fault, for the log. */
  readonly usual?: ReadonlyMap<string, number>;
  /** A run that takes longer is taken for one that never ends. */
  readonly limitMinutes: number;
}

export interface IngestionRun {
  readonly snapshot: Snapshot;
  readonly deeds: readonly Deed[];
  readonly seconds: number;
  /** How often each text was asked of the model. */
  readonly embedded: ReadonlyMap<string, number>;
  /** Requests of the caller that were sent again. */
  readonly resent: number;
  readonly searches: SearchTally;
}

/** Ingests a corpus into a stack of its own while the steps are done to it, and reads what is there in the end. */
export async function runIngestion(options: IngestionOptions, steps: readonly Step[], afterwards: (chaos: ChaosStack) => Promise<void> = () => Promise.resolve()): Promise<IngestionRun> {
  const chaos = await startChaosStack(options);
  const reader = createRegistryReader(chaos.direct['DATABASE_URL'] ?? '', chaos.tenant);
  try {
    await ingestLandmark(chaos);
    const begun = performance.now();
    const work = await ingestAll(chaos, new ProgressWatch(reader), options, steps);
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    await untilHealthy(chaos);
    await untilNothingIsOwed(reader);
    const snapshot = await takeSnapshot(chaos);
    await afterwards(chaos);
    return { ...work, snapshot, seconds, embedded: new Map(chaos.embedder.counts) };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await chaos.stack.serviceLogs(30)}`, { cause: error });
  } finally {
    await reader.close();
    await chaos.stop();
  }
}

async function ingestLandmark(chaos: ChaosStack): Promise<void> {
  const { id, title, text } = landmark;
  const client = await chaos.newClient();
  const { jobId } = await client.ingest({ documents: [{ id, title, text }] });
  await client.waitForJob(jobId);
}

async function ingestAll(chaos: ChaosStack, watch: ProgressWatch, options: IngestionOptions, steps: readonly Step[]): Promise<Pick<IngestionRun, 'deeds' | 'resent' | 'searches'>> {
  const { corpus, documentsPerJob, log, limitMinutes } = options;
  const batches = Array.from({ length: Math.ceil(corpus.length / documentsPerJob) }, (_, batch) => corpus.slice(batch * documentsPerJob, (batch + 1) * documentsPerJob));
  const submission = new Submission({ batches, newClient: chaos.newClient, progress: () => watch.latest, enoughOpen: 2 * documentsPerJob });
  const searches = new SearchWatch(chaos.newClient);
  let ended = false;
  watch.start();
  searches.start();
  const submitting = submission.run();
  const disturbing = disturb({ chaos, submission, progress: () => watch.latest, usual: options.usual ?? new Map(), log }, steps, () => ended);
  try {
    await Promise.race([untilEnded(watch, submission, limitMinutes), failureOf(submitting), failureOf(disturbing)]);
  } finally {
    ended = true;
    submission.stop();
    await Promise.all([watch.stop(), searches.stop()]);
  }
  await submitting;
  return { deeds: await disturbing, resent: submission.resent, searches: searches.tally };
}

async function untilEnded(watch: ProgressWatch, submission: Submission, limitMinutes: number): Promise<void> {
  const deadline = performance.now() + limitMinutes * 60_000;
  while (performance.now() < deadline) {
    await sleep(250);
    const now = submission.isComplete ? await watch.look() : undefined;
    if (now?.openJobs === 0 && now.open === 0) return;
  }
  const { done, open, openJobs } = watch.latest;
  throw new Error(`The work did not end within ${limitMinutes} minutes: ${done} documents are done, ${open} open, ${openJobs} jobs without an end, ${submission.sent} requests accepted.`);
}

/** Never resolves; rejects as the work does. */
function failureOf(work: Promise<unknown>): Promise<never> {
  return new Promise((_resolve, reject) => void work.catch(reject));
}

/** The last faults end by themselves, and what was killed is started again. */
async function untilHealthy(chaos: ChaosStack): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    if (Object.values(chaos.stack.services).every((service) => service.isReady)) return;
    await sleep(200);
  }
  throw new Error('Not all services came back.');
}

/** What was accepted is started again by the relay, which looks every few seconds; what it leaves for longer the comparison tells. */
async function untilNothingIsOwed(reader: RegistryReader): Promise<void> {
  const deadline = performance.now() + 30_000;
  while ((await countOwed(reader)) > 0 && performance.now() < deadline) await sleep(500);
}
