import { toCatalystError } from '../contracts/errors.ts';
import type { EventSink } from '../contracts/events.ts';
import type { WorkflowStarter } from '../ports/workflowStarter.ts';
import type { WorkOutbox } from '../ports/workOutbox.ts';

export interface OutboxRelayOptions {
  readonly outbox: WorkOutbox;
  readonly workflowStarter: WorkflowStarter;
  readonly emit: EventSink;
  readonly intervalMs: number;
  /** Younger rows are left to the request that wrote them. */
  readonly minimumAgeSeconds?: number;
}

export interface OutboxRelay {
  start(): void;
  /** Resolves once nothing of the relay runs any more. */
  stop(): Promise<void>;
}

const batchSize = 100;

/**
 * Starts, or tells of a change, what was accepted while the workflow service was away, or whose API process died before it could.
 * Several relays may run at a time: telling a workflow again changes nothing.
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

/** Returns how many were started. Work that is refused must not keep the other from starting; an outage ends the turn. */
async function relayBatch(options: OutboxRelayOptions, isStopped: () => boolean): Promise<number> {
  const { outbox, workflowStarter, minimumAgeSeconds = 5 } = options;
  let started = 0;
  for (const work of await outbox.list(minimumAgeSeconds, batchSize)) {
    if (isStopped()) break;
    try {
      await workflowStarter.start(work);
    } catch (thrown) {
      if (toCatalystError(thrown).code === 'WORKFLOWS_UNAVAILABLE') throw thrown;
      tell(options, thrown, `${work.kind} ${work.id} cannot be started`);
      continue;
    }
    await outbox.remove(work);
    started += 1;
  }
  return started;
}

function tell({ emit }: OutboxRelayOptions, thrown: unknown, what: string): void {
  const error = toCatalystError(thrown);
  emit({ type: 'dependency.failed', dependency: error.code === 'REGISTRY_UNAVAILABLE' ? 'postgres' : 'temporal', code: error.code, detail: `${what}: ${error.message}` });
}
