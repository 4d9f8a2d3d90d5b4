import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/createActivities.ts';
import { errorTable } from '../../src/contracts/errors.ts';
import type { IngestUnit, JobScope } from '../../src/contracts/ingestion.ts';
import type { DocumentResult } from '../../src/contracts/jobs.ts';

export interface FakeJob {
  readonly units: readonly IngestUnit[];
}

/**
 * Activities without servers: they implement the same type, keep results in memory and watch how they are called.
 * What the real ones do with servers is shown by the contract and end-to-end tests.
 */
export class FakeActivities {
  readonly results = new Map<string, DocumentResult>();
  readonly finishedJobs: string[] = [];
  /** Documents acquired at the same time, at most. */
  peak = 0;
  acquired: string[] = [];
  stepMs = 1;
  /** Thrown by the embed stage when it holds one of these documents. */
  poison = new Set<string>();
  private inWork = 0;
  private readonly jobs: Readonly<Record<string, FakeJob>>;

  constructor(jobs: Readonly<Record<string, FakeJob>>) {
    this.jobs = jobs;
  }

  create(): Activities {
    const finish = (scope: JobScope, result: DocumentResult): void => {
      const key = `${scope.jobId}/${result.index}`;
      if (!this.results.has(key)) this.results.set(key, result);
    };
    const pass = (indexes: readonly number[]) => Promise.resolve({ ready: indexes, finished: [] });
    return {
      startJob: () => Promise.resolve(),
      planUnits: (scope, after, limit) => {
        const open = (this.jobs[scope.jobId]?.units ?? []).filter((unit) => unit.indexes.some((index) => index > after && !this.results.has(`${scope.jobId}/${index}`)));
        const units = open.slice(0, limit);
        return Promise.resolve({ units, after: units.at(-1)?.indexes.at(-1) ?? after, last: open.length <= limit, control: { paused: null, cancelled: null, concurrency: null, dryRun: false } });
      },
      acquireDocuments: async (scope, indexes) => {
        this.inWork += 1;
        this.peak = Math.max(this.peak, this.inWork);
        this.acquired.push(...indexes.map((index) => `${scope.jobId}/${index}`));
        await sleep(this.stepMs);
        this.inWork -= 1;
        return { ready: indexes, finished: [] };
      },
      parseDocuments: (_scope, indexes) => pass(indexes),
      chunkDocuments: (_scope, indexes) => pass(indexes),
      embedDocuments: (scope, indexes) => {
        if (indexes.some((index) => this.poison.has(`${scope.jobId}/${index}`))) return Promise.reject(poisonFailure());
        return pass(indexes);
      },
      upsertDocuments: (_scope, indexes) => pass(indexes),
      publishDocuments: (scope, indexes) => {
        const finished = indexes.map((index): DocumentResult => ({ index, state: 'succeeded', outcome: 'created', versionId: null, chunks: 1, pages: null, lostPages: [], failure: null }));
        for (const result of finished) finish(scope, result);
        return Promise.resolve({ ready: [], finished });
      },
      recordFailure: (scope, indexes, failure) => {
        for (const index of indexes) finish(scope, { index, state: 'failed', outcome: null, versionId: null, chunks: null, pages: null, lostPages: [], failure });
        return Promise.resolve();
      },
      listUnfinished: (scope, indexes) => Promise.resolve(indexes.filter((index) => !this.results.has(`${scope.jobId}/${index}`))),
      finishJob: (scope) => {
        this.finishedJobs.push(scope.jobId);
        const results = [...this.results].filter(([key]) => key.startsWith(`${scope.jobId}/`)).map(([, result]) => result);
        const failed = results.filter((result) => result.state === 'failed').length;
        const state = failed === 0 ? 'succeeded' : failed === results.length ? 'failed' : 'partial';
        return Promise.resolve({ state, total: results.length, succeeded: results.length - failed, partial: 0, failed, unchanged: 0 });
      },
    };
  }

  failureOf(key: string): string | undefined {
    return this.results.get(key)?.failure?.code;
  }
}

function poisonFailure(): Error {
  const failure = { code: 'EMBEDDER_REJECTED', message: 'The endpoint refused the text.', remedy: errorTable.EMBEDDER_REJECTED.remedy };
  return ApplicationFailure.create({ type: failure.code, message: failure.message, nonRetryable: true, details: [failure] });
}
