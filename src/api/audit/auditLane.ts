import { toCatalystError } from '../../contracts/errors.ts';
import type { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { AuditLog } from '../../ports/auditLog.ts';

interface Waiting {
  readonly contents: readonly string[];
  readonly settle: (error?: CatalystError) => void;
}

export interface AuditLane {
  /** Resolves once these entries are durable. Rejects where the log refuses them. */
  write(tenant: string, contents: readonly string[]): Promise<void>;
}

const mostEntriesAtOnce = 200;

/**
 * One write a tenant is under way at a time; what comes meanwhile goes with the next. Entries of a tenant follow each other in the database
 * anyway, and so a burst of one tenant takes one connection and not all of them.
 */
export function createAuditLane(log: Pick<AuditLog, 'append'>, emit: EventSink): AuditLane {
  const queues = new Map<string, Waiting[]>();

  async function work(tenant: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await writeBatch(tenant, takeBatch(queue));
    queues.delete(tenant);
  }
  async function writeBatch(tenant: string, batch: readonly Waiting[]): Promise<void> {
    const contents = batch.flatMap((waiting) => waiting.contents);
    const begunAt = performance.now();
    try {
      const { sequence, hash } = await log.append(tenant, contents);
      emit({ type: 'audit.appended', tenant, sequence, hash, entries: contents.length, latencyMs: performance.now() - begunAt });
      for (const { settle } of batch) settle();
    } catch (thrown) {
      const error = toCatalystError(thrown);
      for (const { settle } of batch) settle(error);
    }
  }

  return {
    write: (tenant, contents) =>
      new Promise((resolve, reject) => {
        const settle = (error?: CatalystError): void => (error === undefined ? resolve() : reject(error));
        const queue = queues.get(tenant);
        if (queue !== undefined) {
          queue.push({ contents, settle });
          return;
        }
        const begun = [{ contents, settle }];
        queues.set(tenant, begun);
        void work(tenant, begun);
      }),
  };
}

/** At least one, and then as many as fit. */
function takeBatch(queue: Waiting[]): Waiting[] {
  let entries = 0;
  const end = queue.findIndex(({ contents }, index) => (entries += contents.length) > mostEntriesAtOnce && index > 0);
  return queue.splice(0, end === -1 ? queue.length : end);
}
