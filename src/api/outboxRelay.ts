import { toCatalystError } from '../contracts/errors.ts';
import type { EventSink } from '../contracts/events.ts';
import type { JobOutbox } from '../ports/jobOutbox.ts';
import type { JobStarter } from '../ports/jobStarter.ts';

export interface OutboxRelayOptions {
  readonly outbox: JobOutbox;
  readonly jobStarter: JobStarter;
  readonly emit: EventSink;
  readonly intervalMs: number;
  /** Younger jobs are left to the request that accepted them. */
  readonly minimumAgeSeconds?: number;
}

export interface OutboxRelay {
  start(): void;
  /** Resolves once nothing of the relay runs any more. */
  stop(): Promise<void>;
}

const batchSize = 100;

/**
 * Starts jobs that were accepted while the workflow service was away, or whose API process died before it could.
 * Several relays may run at a time: starting a job again starts nothing.
 */
export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const tick = () => {
    timer = undefined;
    running = relayAll(options, () => stopped).finally(schedule);
  };
  let stopped = true;
  const schedule = () => {
    if (!stopped) timer = setTimeout(tick, options.intervalMs);
  };
  return {
    start() {
      if (!stopped) return;
      stopped = false;
      tick();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Never rejects: what fails is tried again at the next turn. */
async function relayAll(options: OutboxRelayOptions, isStopped: () => boolean): Promise<void> {
  try {
    let started = batchSize;
    while (started === batchSize && !isStopped()) started = await relayBatch(options, isStopped);
  } catch (thrown) {
    tell(options, thrown, 'the outbox cannot be relayed');
  }
}

/** Returns how many were started. A job that is refused must not keep the others from starting; an outage ends the turn. */
async function relayBatch(options: OutboxRelayOptions, isStopped: () => boolean): Promise<number> {
  const { outbox, jobStarter, minimumAgeSeconds = 5 } = options;
  let started = 0;
  for (const job of await outbox.list(minimumAgeSeconds, batchSize)) {
    if (isStopped()) break;
    try {
      await jobStarter.start(job);
    } catch (thrown) {
      if (toCatalystError(thrown).code === 'WORKFLOWS_UNAVAILABLE') throw thrown;
      tell(options, thrown, `job ${job.jobId} cannot be started`);
      continue;
    }
    await outbox.remove(job.jobId);
    started += 1;
  }
  return started;
}

function tell({ emit }: OutboxRelayOptions, thrown: unknown, what: string): void {
  const error = toCatalystError(thrown);
  emit({ type: 'dependency.failed', dependency: error.code === 'REGISTRY_UNAVAILABLE' ? 'postgres' : 'temporal', code: error.code, detail: `${what}: ${error.message}` });
}
