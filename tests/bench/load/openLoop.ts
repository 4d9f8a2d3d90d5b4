import { setTimeout } from 'node:timers/promises';

/** One request of an open loop: sent when it was due, whatever became of those before. */
export interface OpenCall {
  /** Milliseconds from when it was due, not from when it could be sent: a generator that falls behind must not hide waiting. */
  readonly latencyMs: number;
  readonly status: number;
  readonly retryAfter: string | undefined;
}

export interface OpenRun {
  readonly calls: readonly OpenCall[];
  /** Requests that failed without an answer. */
  readonly broken: number;
  /** Most milliseconds by which a request was sent after it was due: the generator's own fault. */
  readonly latestMs: number;
}

/** Sends requests at a fixed rate for so long, and waits for all answers. */
export async function callAtRate(perSecond: number, seconds: number, call: () => Promise<{ readonly status: number; readonly retryAfter: string | undefined }>): Promise<OpenRun> {
  const calls: OpenCall[] = [];
  const pending: Promise<void>[] = [];
  let broken = 0;
  let latestMs = 0;
  const send = async (due: number) => {
    latestMs = Math.max(latestMs, performance.now() - due);
    try {
      const { status, retryAfter } = await call();
      calls.push({ latencyMs: performance.now() - due, status, retryAfter });
    } catch {
      broken += 1;
    }
  };
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let sent = 0; sent < total; ) {
    for (const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond) + 1); sent < due; sent += 1) pending.push(send(startedAt + (sent * 1_000) / perSecond));
    await setTimeout(1);
  }
  await Promise.all(pending);
  return { calls, broken, latestMs };
}
