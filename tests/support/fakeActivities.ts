import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/createActivities.ts';
import { errorTable } from '../../src/contracts/errors.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import type { Failure } from '../../src/contracts/failure.ts';
import { digestOf } from '../../src/contracts/identifiers.ts';
import type { DeletionScope, DiscoveryProgress, IngestUnit, JobScope, StageResult } from '../../src/contracts/ingestion.ts';
import type { DocumentResult, Stage } from '../../src/contracts/jobs.ts';
import type { JobControl } from '../../src/contracts/steering.ts';
import { FakeBackups } from './fakeBackups.ts';
import { FakeGenerations } from './fakeGenerations.ts';

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** A step of discovery that a test prescribes: the units that join, or a failure. */
export interface FakeStep {
  readonly units?: readonly IngestUnit[];
  readonly waitMs?: number;
  readonly failure?: ErrorCode;
}

/** A job as the registry would hold it. Tests change it while it runs, as steering does. */
export class FakeJob {
  readonly units: IngestUnit[];
  readonly results = new Map<number, DocumentResult>();
  readonly control: Writable<JobControl> = { paused: null, cancelled: null, concurrency: null, dryRun: false };
  readonly steps: FakeStep[];
  discovery: 'none' | 'running' | 'finished' | 'failed' | 'cancelled';

  constructor(units: readonly IngestUnit[], steps?: readonly FakeStep[]) {
    this.units = [...units];
    this.steps = [...(steps ?? [])];
    this.discovery = steps === undefined ? 'none' : 'running';
  }

  pause(reason: 'request' | 'budget' | 'credits' = 'request'): void {
    this.control.paused ??= { reason, detail: 'a test', remedy: 'resume', by: null, since: new Date().toISOString() };
  }

  resume(): void {
    this.control.paused = null;
  }

  cancel(mode: 'keep' | 'undo'): void {
    this.control.paused = null;
    this.control.cancelled ??= { mode, by: 'a test', at: new Date().toISOString() };
  }

  /** Queues failed documents again. */
  retry(): void {
    for (const [index, { state }] of this.results) if (state === 'failed') this.results.delete(index);
    this.control.cancelled = null;
  }

  countOf(state: DocumentResult['state'], code?: ErrorCode): number {
    return [...this.results.values()].filter((result) => result.state === state && (code === undefined || result.failure?.code === code)).length;
  }
}

/**
 * Activities without servers: they implement the same type, keep results in memory and watch how they are called.
 * What the real ones do with servers is shown by the contract and end-to-end tests.
 */
export class FakeActivities {
  readonly finishedJobs: string[] = [];
  /** `job/index stage` of every document that a stage took up, in order. */
  readonly taken: string[] = [];
  /** Documents acquired at the same time, at most. */
  peak = 0;
  stepMs = 1;
  /** Thrown by the embed stage when it holds one of these documents. */
  readonly poison = new Set<string>();
  /** Called when a stage begins, before it looks whether the job rests. */
  onStage: (stage: Stage, scope: JobScope, indexes: readonly number[]) => Promise<void> | void = () => undefined;
  /** What `acceptMissing` and `undoPage` answer, first to last; then there is nothing more. */
  readonly missing: { readonly deletion: DeletionScope; readonly documents: number }[] = [];
  readonly undoPages: Awaited<ReturnType<Activities['undoPage']>>[] = [];
  readonly sourceJobs = new Map<string, FakeJob>();
  readonly erased: string[] = [];
  /** Calls of deletions and sweeps in order, as `step cursor`; `pagesPerStep` pages each. */
  readonly erasures: string[] = [];
  pagesPerStep = 1;
  tenants: string[] = [];
  /** Deletions and sweeps that are done. */
  readonly done = new Set<string>();
  readonly jobs: Record<string, FakeJob>;
  readonly generations = new FakeGenerations();
  readonly backups = new FakeBackups();
  private inWork = 0;

  constructor(jobs: Readonly<Record<string, FakeJob | readonly IngestUnit[]>>) {
    this.jobs = Object.fromEntries(Object.entries(jobs).map(([id, job]) => [id, job instanceof FakeJob ? job : new FakeJob(job)]));
  }

  get acquired(): string[] {
    return this.taken.filter((entry) => entry.endsWith(' acquire')).map((entry) => entry.split(' ')[0] ?? '');
  }

  failureOf(key: string): string | undefined {
    const [jobId = '', index] = key.split('/');
    return this.jobs[jobId]?.results.get(Number(index))?.failure?.code;
  }

  create(): Activities {
    return { ...this.lifecycle(), ...this.stages(), ...this.reading(), ...this.settling(), ...this.erasing(), ...this.generations.create(), ...this.backups.create(), ...this.auditing() };
  }

  job(scope: JobScope): FakeJob {
    const job = this.jobs[scope.jobId];
    if (job === undefined) throw new Error(`The test has no job ${scope.jobId}.`);
    return job;
  }

  private lifecycle(): Pick<Activities, 'startJob' | 'planUnits' | 'recordFailure' | 'listUnfinished' | 'finishJob'> {
    return {
      startJob: (scope) => Promise.resolve({ control: { ...this.job(scope).control }, fromSource: this.job(scope).discovery !== 'none', discovering: this.job(scope).discovery === 'running' }),
      planUnits: (scope, after, limit, busy) => {
        const { units, results, control } = this.job(scope);
        const isOpen = (index: number) => index > after && !results.has(index) && !busy.some(([first, last]) => index >= first && index <= last);
        const open = units.map((unit) => ({ ...unit, indexes: unit.indexes.filter(isOpen) })).filter(({ indexes }) => indexes.length > 0);
        const page = open.slice(0, limit);
        return Promise.resolve({ units: page, after: page.at(-1)?.indexes.at(-1) ?? after, last: open.length <= limit, control: { ...control } });
      },
      recordFailure: (scope, indexes, failure) => {
        for (const index of indexes) this.finish(scope, failed(index, failure));
        return Promise.resolve();
      },
      listUnfinished: (scope, indexes) => Promise.resolve(indexes.filter((index) => !this.job(scope).results.has(index))),
      finishJob: (scope) => {
        const { units, results, discovery } = this.job(scope);
        const total = units.reduce((sum, { indexes }) => sum + indexes.length, 0);
        const unfinished = total - results.size;
        if (unfinished === 0) this.finishedJobs.push(scope.jobId);
        const count = this.job(scope).countOf('failed');
        const sawAll = discovery === 'none' || discovery === 'finished';
        const state = unfinished > 0 ? 'running' : count === total && (total > 0 || !sawAll) ? 'failed' : count === 0 && sawAll ? 'succeeded' : 'partial';
        return Promise.resolve({ state, total, succeeded: results.size - count, partial: 0, failed: count, unchanged: 0, unfinished });
      },
    };
  }

  private stages(): Pick<Activities, 'acquireDocuments' | 'parseDocuments' | 'chunkDocuments' | 'embedDocuments' | 'upsertDocuments' | 'publishDocuments' | 'previewDocuments'> {
    const pass = (stage: Stage) => (scope: JobScope, indexes: readonly number[]) => this.take(stage, scope, indexes, (open) => ({ ready: open, finished: [] }));
    const end = (stage: Stage) => (scope: JobScope, indexes: readonly number[]) =>
      this.take(stage, scope, indexes, (open) => {
        const outcome = stage === 'preview' ? 'previewed' : 'created';
        const finished = open.map((index): DocumentResult => ({ index, state: 'succeeded', outcome, versionId: null, chunks: 1, pages: null, lostPages: [], failure: null }));
        for (const result of finished) this.finish(scope, result);
        return { ready: [], finished };
      });
    return {
      acquireDocuments: async (scope, indexes) => {
        const result = await pass('acquire')(scope, indexes);
        if (result.ready.length === 0) return result;
        this.inWork += 1;
        this.peak = Math.max(this.peak, this.inWork);
        await sleep(this.stepMs);
        this.inWork -= 1;
        return result;
      },
      parseDocuments: pass('parse'),
      chunkDocuments: pass('chunk'),
      embedDocuments: async (scope, indexes) => {
        if (indexes.some((index) => this.poison.has(`${scope.jobId}/${index}`))) throw failureOfCode('EMBEDDER_REJECTED');
        return pass('embed')(scope, indexes);
      },
      upsertDocuments: pass('upsert'),
      publishDocuments: end('publish'),
      previewDocuments: end('preview'),
    };
  }

  private reading(): Pick<Activities, 'discoverStep' | 'cancelDiscovery' | 'failDiscovery' | 'acceptSourceRun' | 'cancelSourceRun'> {
    return {
      discoverStep: (scope): Promise<DiscoveryProgress> => {
        const job = this.job(scope);
        const step = job.steps.shift() ?? {};
        if (step.failure === 'FETCHER_CREDITS_EXHAUSTED') job.pause('credits');
        if (step.failure !== undefined) return Promise.reject(failureOfCode(step.failure));
        job.units.push(...(step.units ?? []));
        if (job.steps.length === 0) job.discovery = 'finished';
        return Promise.resolve({ added: step.units?.length ?? 0, finished: job.steps.length === 0, waitMs: step.waitMs ?? 0 });
      },
      cancelDiscovery: (scope) => {
        this.job(scope).discovery = 'cancelled';
        return Promise.resolve();
      },
      failDiscovery: (scope) => {
        this.job(scope).discovery = 'failed';
        return Promise.resolve();
      },
      acceptSourceRun: ({ tenant, sourceId }, runId) => {
        const source = this.sourceJobs.get(sourceId);
        if (source === undefined) return Promise.reject(failureOfCode('NOT_FOUND'));
        this.jobs[runId] ??= new FakeJob(source.units, source.steps);
        return Promise.resolve({ scope: { tenant, subject: 'schedule', jobId: runId }, window: 4 });
      },
      cancelSourceRun: (scope) => {
        this.job(scope).cancel('keep');
        return Promise.resolve();
      },
    };
  }

  private settling(): Pick<Activities, 'acceptMissing' | 'undoPage' | 'eraseDryRun'> {
    return {
      acceptMissing: () => Promise.resolve(this.missing.shift() ?? null),
      undoPage: () => Promise.resolve(this.undoPages.shift() ?? { deletion: null, restoring: null, last: null }),
      eraseDryRun: (scope) => {
        this.erased.push(scope.jobId);
        return Promise.resolve();
      },
    };
  }

  private erasing() {
    const page = (step: string, after: string | null): Promise<{ readonly next: string | null }> => {
      this.erasures.push(`${step} ${after ?? '-'}`);
      const number = after === null ? 0 : Number(after);
      return sleep(this.stepMs).then(() => ({ next: number + 1 < this.pagesPerStep ? String(number + 1) : null }));
    };
    return {
      beginDeletion: ({ deletionId }) => {
        this.erasures.push('begin -');
        return Promise.resolve({ documents: this.pagesPerStep, finished: this.done.has(deletionId) });
      },
      hideDocuments: (_scope, after) => page('hide', after),
      removeVectors: (_scope, after) => page('vectors', after),
      removeArtifacts: (_scope, after) => page('artifacts', after),
      removeRecords: (_scope, after) => page('records', after),
      finishDeletion: ({ deletionId }) => {
        this.erasures.push('finish -');
        this.done.add(deletionId);
        const holdings = { documents: 0, versions: 0, points: 0, artifacts: 0, bytes: 0 };
        return Promise.resolve({ before: holdings, after: holdings, sharedArtifacts: 0, removed: digestOf(''), digest: digestOf('') });
      },
      listTenants: (after, limit) => Promise.resolve(this.tenants.filter((tenant) => after === null || tenant > after).slice(0, limit)),
      acceptSweep: (tenant, sweepOfAll) => Promise.resolve({ tenant, sweepId: `${sweepOfAll}-${tenant}` }),
      beginSweep: ({ sweepId }) => Promise.resolve({ finished: this.done.has(sweepId) }),
      sweepPage: ({ tenant }, cursor) => page(`sweep ${tenant}`, cursor),
      finishSweep: ({ sweepId }) => {
        this.done.add(sweepId);
        return Promise.resolve(null);
      },
    } satisfies Partial<Activities>;
  }

  /** As erasures: `step page`; as many buckets as pages a step. */
  private auditing() {
    const note = (step: string): Promise<void> => {
      this.erasures.push(step);
      return sleep(this.stepMs);
    };
    return {
      acceptAudit: (tenant, auditOfAll) => Promise.resolve({ tenant, auditId: `${auditOfAll}-${tenant}` }),
      beginAudit: ({ auditId }) => Promise.resolve({ finished: this.done.has(auditId), buckets: this.pagesPerStep }),
      auditObjects: (_scope, cursor, page) => note(`objects ${cursor?.key ?? '-'}`).then(() => ({ next: page + 1 < this.pagesPerStep ? { key: String(page + 1), uri: `s3://${page + 1}` } : null })),
      auditDocuments: (_scope, bucket, buckets) => note(`documents ${bucket}/${buckets}`),
      auditStrangers: (_scope, offset, page) => note(`strangers ${offset ?? '-'}`).then(() => ({ next: page + 1 < this.pagesPerStep ? String(page + 1) : null })),
      finishAudit: ({ auditId }) => {
        this.done.add(auditId);
        return note('finish').then(() => null);
      },
      failAudit: (_scope, { code }) => note(`fail ${code}`),
    } satisfies Partial<Activities>;
  }

  private async take(stage: Stage, scope: JobScope, indexes: readonly number[], work: (open: readonly number[]) => StageResult): Promise<StageResult> {
    await this.onStage(stage, scope, indexes);
    if (this.job(scope).control.paused !== null) throw failureOfCode('JOB_PAUSED');
    // Finished ones are left out, as the registry leaves them out.
    const open = indexes.filter((index) => !this.job(scope).results.has(index));
    this.taken.push(...open.map((index) => `${scope.jobId}/${index} ${stage}`));
    return work(open);
  }

  private finish(scope: JobScope, result: DocumentResult): void {
    const { results } = this.job(scope);
    if (!results.has(result.index)) results.set(result.index, result);
  }
}

export function failureOfCode(code: ErrorCode): Error {
  const failure: Failure = { code, message: errorTable[code].title, remedy: errorTable[code].remedy };
  return ApplicationFailure.create({ type: code, message: failure.message, nonRetryable: true, details: [failure] });
}

function failed(index: number, failure: Failure): DocumentResult {
  return { index, state: 'failed', outcome: null, versionId: null, chunks: null, pages: null, lostPages: [], failure };
}
