import type { FullStack } from '../../support/fullStack.ts';
import { memoryOf } from '../machine/peakMemory.ts';

export interface Observation {
  readonly second: number;
  readonly apiMegabytes: number;
  readonly workerMegabytes: number;
  /** Of the API, since the last look, in milliseconds. */
  readonly loopP99Ms: number;
  readonly loopMostMs: number;
}

const everyMs = 5_000;

/** Looks at the processes until told to stop. */
export function observeProcesses(stack: FullStack): { readonly observations: Observation[]; stop(): void } {
  const observations: Observation[] = [];
  const [api, worker] = [pidOf(stack, 'api'), pidOf(stack, 'worker')];
  const startedAt = performance.now();
  const timer = setInterval(() => void look(), everyMs);
  const look = async () => {
    const metrics = await readMetrics(stack).catch(() => undefined);
    if (metrics === undefined) return;
    observations.push({
      second: Math.round((performance.now() - startedAt) / 1_000),
      apiMegabytes: memoryOf(api, 'VmRSS'),
      workerMegabytes: memoryOf(worker, 'VmRSS'),
      loopP99Ms: Math.round(1_000 * valueOf(metrics, 'nodejs_eventloop_lag_p99_seconds')),
      loopMostMs: Math.round(1_000 * valueOf(metrics, 'nodejs_eventloop_lag_max_seconds')),
    });
  };
  return { observations, stop: () => clearInterval(timer) };
}

function pidOf(stack: FullStack, service: 'api' | 'worker'): number {
  const pid = stack.services[service]?.pid;
  if (pid === undefined) throw new Error(`This stack does not run ${service} itself.`);
  return pid;
}

async function readMetrics(stack: FullStack): Promise<string> {
  const response = await fetch(`${stack.apiUrl}/metrics`);
  return response.text();
}

/** Each reading starts these anew: prom-client sets them back. */
function valueOf(metrics: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);
}
