import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditBegun, AuditEnded } from '../../contracts/audit.ts';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { AuditLog } from '../../ports/auditLog.ts';
import { within } from '../../contracts/within.ts';
import { createAuditLane } from './auditLane.ts';

/** Writes who does what into the log of a tenant. */
export interface AuditRecorder {
  /** Resolves once the entry is durable; what it tells of may begin then, and not before. Throws REGISTRY_UNAVAILABLE or AUDIT_UNAVAILABLE. */
  begin(tenant: string, entry: AuditBegun): Promise<void>;
  /** How it ended; nobody waits for it. While the log cannot be written it is tried again, for ten minutes. */
  end(tenant: string, entry: AuditEnded): void;
  /** Something that was refused, with its end; nobody waits for it. */
  refuse(tenant: string, entry: AuditBegun, end: AuditEnded): void;
  /** Resolves once all that is known has been written, or given up; what fails is not tried again. */
  close(): Promise<void>;
}

export interface AuditRecorderOptions {
  readonly log: Pick<AuditLog, 'append'>;
  readonly emit: EventSink;
  /** With it addresses are recorded as a keyed hash. */
  readonly addressKey?: string | undefined;
  readonly patienceMs?: number;
  readonly retryMs?: number;
}

const giveUpAfterMs = 600_000;
const longestPauseMs = 30_000;

export function createAuditRecorder({ log, emit, addressKey, patienceMs = 10_000, retryMs = 1_000 }: AuditRecorderOptions): AuditRecorder {
  const lane = createAuditLane(log, emit);
  const closing = new AbortController();
  const pending = new Set<Promise<void>>();
  const written = (entry: AuditBegun): string => JSON.stringify({ ...entry, address: addressOf(entry.address, addressKey) });

  async function persist(tenant: string, contents: readonly string[]): Promise<void> {
    const givenUpAt = performance.now() + giveUpAfterMs;
    for (let pauseMs = retryMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await lane.write(tenant, contents);
      } catch (thrown) {
        const isLost = closing.signal.aborted || performance.now() > givenUpAt;
        const { code, message } = toCatalystError(thrown);
        emit({ type: 'audit.failed', tenant, entries: contents.length, isLost, code, detail: message });
        if (isLost) return;
        await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }
  function inBackground(tenant: string, contents: readonly string[]): void {
    const work = persist(tenant, contents).finally(() => pending.delete(work));
    pending.add(work);
  }

  return {
    async begin(tenant, entry) {
      const begun = await within(patienceMs, lane.write(tenant, [written(entry)]).then(() => true)).catch((thrown: unknown) => {
        throw unavailable(thrown);
      });
      if (begun !== true) throw new CatalystError('AUDIT_UNAVAILABLE', 'The audit log does not answer in time, so nothing was done.');
    },
    end: (tenant, entry) => inBackground(tenant, [JSON.stringify(entry)]),
    refuse: (tenant, entry, end) => inBackground(tenant, [written(entry), JSON.stringify(end)]),
    async close() {
      closing.abort();
      await Promise.all(pending);
    },
  };
}

/** An outage of Postgres is told as such; all else means that the log itself is not as it must be. */
function unavailable(thrown: unknown): CatalystError {
  const error = toCatalystError(thrown);
  if (error.code === 'REGISTRY_UNAVAILABLE') return error;
  return new CatalystError('AUDIT_UNAVAILABLE', 'The audit log does not take entries, so nothing was done.', { cause: error });
}

/** Equal addresses give equal hashes; without the key, trying all addresses tells nothing. */
function addressOf(address: string | null, key: string | undefined): string | null {
  return address === null || key === undefined ? address : `hmac:${createHmac('sha256', key).update(address).digest('hex').slice(0, 32)}`;
}
