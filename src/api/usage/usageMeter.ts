import { toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import { newIdentifier } from '../../contracts/identifiers.ts';
import type { UsageAmounts } from '../../contracts/usage.ts';
import type { UsageLedger } from '../../ports/usageLedger.ts';

export type Metered = Pick<UsageAmounts, 'searches' | 'queryTokens' | 'reranks' | 'processorSeconds'>;

export interface UsageMeter {
  count(tenant: string, what: keyof Metered, amount: number): void;
  /** Writes what was counted, and goes on doing so until stopped. Resolves once all is written that can be. */
  stop(): Promise<void>;
}

const nothing: Metered = { searches: 0, queryTokens: 0, reranks: 0, processorSeconds: 0 };

/** One entry on its way into the ledger, under the same id until it is there: written twice it counts once. */
interface PendingEntry {
  readonly tenant: string;
  readonly id: string;
  readonly amounts: Metered;
}

/** Entries that wait while the ledger is away; what is counted then adds up in memory. */
const mostPending = 10_000;

/**
 * Counts what requests use in memory, and writes it to the ledger every few seconds: searching costs no round trip. A process that is killed
 * loses what it counted since; one that is stopped loses nothing.
 */
export function createUsageMeter(ledger: Pick<UsageLedger, 'add'>, emit: EventSink, intervalMs = 5_000): UsageMeter {
  let counted = new Map<string, Metered>();
  let pending: PendingEntry[] = [];
  let failing = false;
  let flushing = Promise.resolve();

  const write = async (): Promise<void> => {
    if (pending.length < mostPending) {
      pending.push(...[...counted].map(([tenant, amounts]) => ({ tenant, id: newIdentifier(), amounts })));
      counted = new Map();
    }
    const waiting = pending;
    pending = [];
    for (const [place, entry] of waiting.entries()) {
      try {
        await ledger.add(entry.tenant, entry.id, entry.amounts);
        failing = false;
      } catch (thrown) {
        pending = [...waiting.slice(place), ...pending];
        const { code, message } = toCatalystError(thrown);
        if (!failing) emit({ type: 'dependency.failed', dependency: 'postgres', code, detail: `Usage of searches waits in memory: ${message}` });
        failing = true;
        return;
      }
    }
  };
  const flush = (): Promise<void> => (flushing = flushing.then(write));
  const timer = setInterval(() => void flush(), intervalMs);
  timer.unref();

  return {
    count(tenant, what, amount) {
      const before = counted.get(tenant) ?? nothing;
      counted.set(tenant, { ...before, [what]: before[what] + amount });
    },
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
