import { setTimeout as sleep } from 'node:timers/promises';
import type { EventSourceMessage } from 'eventsource-parser';
import type { z } from 'zod';
import { isFinal, jobEventSchema, jobSchema } from '../contracts/jobs.ts';
import type { Job, JobEvent } from '../contracts/jobs.ts';
import { jobProgressSchema } from '../contracts/progress.ts';
import type { JobProgress } from '../contracts/progress.ts';
import { CatalystApiError, invalidAnswer } from './apiError.ts';
import { readEventStream } from './eventStream.ts';
import { startInactivityTimer } from './inactivityTimer.ts';
import { isTransient } from './retryPolicy.ts';
import type { Transport } from './transport.ts';

/** What a watched job tells: a snapshot of the whole, the change of one document, or how far it is with its speed and remaining time. */
export type JobUpdate =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'document'; readonly event: JobEvent }
  | { readonly type: 'progress'; readonly progress: JobProgress };

export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long the API may be away before the watch fails, in milliseconds; 5 minutes by default. */
  readonly patienceMs?: number | undefined;
  /** Continue after this event of an earlier watch. */
  readonly lastEventId?: string | undefined;
}

/** Longer than any pause between the server's own signs of life. */
const longestSilenceMs = 60_000;
const shortestReconnectMs = 250;
const longestReconnectMs = 10_000;
const defaultPatienceMs = 300_000;

interface Position {
  lastEventId: string | undefined;
  reconnectMs: number;
  finished: boolean;
  lastLifeAt: number;
}

/**
 * Follows a job until it is finished, over any number of connections: each continues after the last event seen.
 * @throws CatalystApiError where the job cannot be watched, or the API stays away longer than `patienceMs`.
 */
export async function* watchJobEvents(transport: Transport, jobId: string, options: WatchOptions): AsyncGenerator<JobUpdate, void, undefined> {
  const position: Position = { lastEventId: options.lastEventId, reconnectMs: 1000, finished: false, lastLifeAt: Date.now() };
  const patienceMs = options.patienceMs ?? defaultPatienceMs;
  for (let failures = 0; ; failures += 1) {
    const before = position.lastLifeAt;
    try {
      yield* oneConnection(transport, jobId, position, options.signal);
      if (position.finished) return;
    } catch (error) {
      if (!(error instanceof CatalystApiError) || !isTransient(error)) throw error;
      if (Date.now() - position.lastLifeAt > patienceMs) throw error;
    }
    if (position.lastLifeAt !== before) failures = 0;
    const delay = Math.min(longestReconnectMs, Math.max(shortestReconnectMs, position.reconnectMs) * 2 ** Math.min(failures, 6));
    await sleep(delay * (0.5 + Math.random() / 2), undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
}

async function* oneConnection(transport: Transport, jobId: string, position: Position, signal: AbortSignal | undefined): AsyncGenerator<JobUpdate, void, undefined> {
  const path = `/v1/jobs/${encodeURIComponent(jobId)}/events`;
  const timer = startInactivityTimer(longestSilenceMs);
  try {
    const headers = { accept: 'text/event-stream', ...(position.lastEventId === undefined ? {} : { 'last-event-id': position.lastEventId }) };
    const response = await transport.open(path, headers, timer, signal);
    const onRetry = (milliseconds: number): void => void (position.reconnectMs = milliseconds);
    for await (const message of readEventStream(response, { touch: timer.touch, onRetry })) {
      position.lastLifeAt = Date.now();
      if (message.id !== undefined) position.lastEventId = message.id;
      const update = updateOf(message);
      if (update === undefined) continue;
      if (update.type === 'job' && isFinal(update.job.state)) position.finished = true;
      yield update;
      if (position.finished) return;
    }
  } catch (error) {
    throw transport.translate(error, path, timer, signal);
  } finally {
    timer.stop();
  }
}

/** Events of other names are for newer clients. */
function updateOf(message: EventSourceMessage): JobUpdate | undefined {
  if (message.event === 'job') return { type: 'job', job: eventData(message, jobSchema) };
  if (message.event === 'document') return { type: 'document', event: eventData(message, jobEventSchema) };
  if (message.event === 'progress') return { type: 'progress', progress: eventData(message, jobProgressSchema) };
  return undefined;
}

function eventData<Data>(message: EventSourceMessage, schema: z.ZodType<Data>): Data {
  let reason: string;
  try {
    const parsed = schema.safeParse(JSON.parse(message.data));
    if (parsed.success) return parsed.data;
    reason = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  } catch (error) {
    reason = String(error);
  }
  throw invalidAnswer(200, `event "${message.event}"`, reason);
}
