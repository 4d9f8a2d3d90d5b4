import { setTimeout as sleep } from 'node:timers/promises';
import { toCatalystError } from '../contracts/errors.ts';
import type { DependencyHealth, Readiness } from '../contracts/health.ts';
import type { HealthCheck } from '../ports/healthCheck.ts';

export interface ReadinessMonitorOptions {
  readonly checks: readonly HealthCheck[];
  /** A check that takes longer has failed. */
  readonly timeoutMs?: number;
  /** Results younger than this are answered without a new check. */
  readonly freshMs?: number;
  /** How long an answer waits for a new check, once there are results to fall back on. */
  readonly patienceMs?: number;
}

export interface ReadinessMonitor {
  /** The newest results; only the very first call may take as long as a check's timeout. */
  report(): Promise<Readiness>;
}

/**
 * Checks dependencies side by side when asked, at most once in `freshMs` each, and answers from the newest results
 * while a check runs: a dependency that hangs delays neither the answer nor the other checks.
 */
export function createReadinessMonitor(options: ReadinessMonitorOptions): ReadinessMonitor {
  const { checks, timeoutMs = 2_000, freshMs = 1_000, patienceMs = 30 } = options;
  const watched = checks.map((check) => createWatchedCheck(check, timeoutMs, freshMs));
  return {
    async report() {
      const refreshed = Promise.all(watched.map((check) => check.refresh()));
      const known = watched.every((check) => check.latest() !== undefined);
      await (known ? Promise.race([refreshed, sleep(patienceMs)]) : refreshed);
      const dependencies = watched.map((check) => check.latest()).filter((result) => result !== undefined);
      return { status: statusOf(dependencies), dependencies };
    },
  };
}

function statusOf(dependencies: readonly DependencyHealth[]): Readiness['status'] {
  const failing = dependencies.filter(({ ok }) => !ok);
  if (failing.length === 0) return 'ready';
  return failing.every(({ optional }) => optional) ? 'degraded' : 'unavailable';
}

interface WatchedCheck {
  latest(): DependencyHealth | undefined;
  refresh(): Promise<void>;
}

function createWatchedCheck(check: HealthCheck, timeoutMs: number, freshMs: number): WatchedCheck {
  let latest: DependencyHealth | undefined;
  let finishedAt = -Infinity;
  let running: Promise<void> | undefined;
  const run = async () => {
    latest = await runCheck(check, timeoutMs);
    finishedAt = performance.now();
    running = undefined;
  };
  return {
    latest: () => (latest === undefined ? undefined : { ...latest, ageMs: Math.round(performance.now() - finishedAt) }),
    refresh() {
      if (running === undefined && performance.now() - finishedAt < freshMs) return Promise.resolve();
      running ??= run();
      return running;
    },
  };
}

/** Never rejects: a failed check is a result. */
async function runCheck(check: HealthCheck, timeoutMs: number): Promise<DependencyHealth> {
  const startedAt = performance.now();
  const { name, optional = false } = check;
  const latencyMs = () => Math.round((performance.now() - startedAt) * 10) / 10;
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
      controller.abort();
    }, timeoutMs);
  });
  try {
    const detail = await Promise.race([check.check(controller.signal), timeout]);
    if (detail !== undefined) return { name, ok: true, optional, latencyMs: latencyMs(), detail, remedy: null };
    return { name, ok: false, optional, latencyMs: latencyMs(), detail: `No answer within ${timeoutMs} ms.`, remedy: 'Check that the dependency is up and reachable.' };
  } catch (thrown) {
    const error = toCatalystError(thrown);
    const detail = error.code === 'INTERNAL' ? 'The check failed unexpectedly.' : error.message;
    return { name, ok: false, optional, latencyMs: latencyMs(), detail, remedy: error.class.remedy };
  } finally {
    clearTimeout(timer);
  }
}
