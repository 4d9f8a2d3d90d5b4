import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { toCatalystError } from '../../contracts/errors.ts';
import { isFinal } from '../../contracts/jobs.ts';
import type { Job } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { contextOf } from '../requestContext.ts';
import { openEventStream } from './eventStream.ts';
import type { EventStream } from './eventStream.ts';
import { noSuchJob } from './noSuchJob.ts';
import { withRemainingTime } from './remainingTime.ts';

interface Follow {
  readonly tenant: string;
  readonly jobId: string;
  readonly lastEventId: string | undefined;
  /** Whether the caller is still let in; throws where not. */
  readonly readmit: (() => Promise<unknown>) | undefined;
}

type StreamDependencies = Pick<ApiDependencies, 'jobs' | 'reports' | 'stopping'>;

const pollMs = 500;
const snapshotMs = 1_000;
const progressMs = 2_000;
const eventsPerRead = 500;

/**
 * Sends a job's events until it is finished, the client leaves, is no longer let in, or the process stops. An outage in the middle ends the
 * stream early, and the client continues after the last event it saw. Throws NOT_FOUND and REGISTRY_UNAVAILABLE before the first event.
 */
export async function streamJob(dependencies: StreamDependencies, follow: Follow, request: Request, response: Response): Promise<void> {
  const job = await findJob(dependencies, follow);
  const stream = openEventStream(response);
  if (request.method !== 'HEAD') {
    await followJob(dependencies, follow, job, stream).catch((error: unknown) => {
      contextOf(request).failure = toCatalystError(error);
    });
  }
  stream.end();
}

async function followJob(dependencies: StreamDependencies, follow: Follow, first: Job, stream: EventStream): Promise<void> {
  const ended = AbortSignal.any([stream.left, dependencies.stopping]);
  let job = first;
  let sent = '';
  let sentAt = -Infinity;
  let progressAt = performance.now();
  let cursor = follow.lastEventId;
  while (!ended.aborted) {
    const snapshot = JSON.stringify(job);
    if (!isFinal(job.state) && snapshot !== sent && performance.now() - sentAt >= snapshotMs) {
      await stream.send('job', job);
      sent = snapshot;
      sentAt = performance.now();
    }
    if (!isFinal(job.state) && performance.now() - progressAt >= progressMs) {
      await sendProgress(dependencies, follow, stream);
      progressAt = performance.now();
    }
    cursor = await sendDocumentEvents(dependencies, follow, cursor, stream, ended);
    // The state was read before the events: once it is final, all events of documents have been sent.
    if (isFinal(job.state)) {
      if (!ended.aborted) await stream.send('job', job, cursor);
      return;
    }
    await sleep(pollMs, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return;
    await follow.readmit?.();
    job = await findJob(dependencies, follow);
  }
}

async function sendProgress({ reports }: StreamDependencies, { tenant, jobId }: Follow, stream: EventStream): Promise<void> {
  const sample = await reports.progress(tenant, jobId);
  if (sample !== undefined) await stream.send('progress', withRemainingTime(sample));
}

/** All events after the cursor; returns the id of the last one. */
async function sendDocumentEvents({ jobs }: StreamDependencies, { tenant, jobId }: Follow, after: string | undefined, stream: EventStream, ended: AbortSignal): Promise<string | undefined> {
  let cursor = after;
  while (!ended.aborted) {
    const events = await jobs.listEvents(tenant, jobId, cursor, eventsPerRead);
    for (const event of events) {
      // What a `job` event tells is in the snapshots.
      if (event.type === 'document') await stream.send('document', event, event.id);
      cursor = event.id;
    }
    if (events.length < eventsPerRead) break;
  }
  return cursor;
}

async function findJob({ jobs }: StreamDependencies, { tenant, jobId }: Follow): Promise<Job> {
  const job = await jobs.find(tenant, jobId);
  if (job === undefined) throw noSuchJob(jobId);
  return job;
}
