import { createApiCaller } from '../load/apiCaller.ts';
import { timesOf } from '../load/figures.ts';
import type { Times } from '../load/figures.ts';
import { callAtRate } from '../load/openLoop.ts';
import type { LoadTarget } from '../load/target.ts';
import { keepChanging } from './changes.ts';
import type { Changes } from './changes.ts';
import { observeProcesses } from './observeProcesses.ts';
import type { Observation } from './observeProcesses.ts';
import { searchMix } from './searchMix.ts';

export interface SoakCourse {
  readonly minutes: number;
  readonly perSecond: number;
  readonly searches: number;
  readonly answered: Times;
  readonly shed: number;
  /** Neither 200 nor 429, or no answer. */
  readonly failed: number;
  readonly changes: Changes;
  readonly observations: readonly Observation[];
  /** Both processes are the ones that were there at the beginning. */
  readonly sameProcesses: boolean;
}

/** Renews the token between them. */
const stretchSeconds = 60;

export async function soak(target: LoadTarget, { minutes, perSecond }: { readonly minutes: number; readonly perSecond: number }, log: (line: string) => void): Promise<SoakCourse> {
  const next = searchMix(target.queries);
  const pids = pidsOf(target);
  const changes: Changes = { ingested: 0, deleted: 0, failures: [] };
  const ending = new AbortController();
  const changing = keepChanging(target, changes, ending.signal);
  const observing = observeProcesses(target.stack);
  const counts = { searches: 0, shed: 0, failed: 0 };
  const latencies: number[] = [];
  for (let left = minutes * 60; left > 0; left -= stretchSeconds) {
    const api = await createApiCaller(target.stack, target.tenant, 256);
    const run = await callAtRate(perSecond, Math.min(left, stretchSeconds), () => api.search(next()));
    await api.close();
    counts.searches += run.calls.length + run.broken;
    counts.failed += run.broken + run.calls.filter(({ status }) => status !== 200 && status !== 429).length;
    counts.shed += run.calls.filter(({ status }) => status === 429).length;
    for (const { status, latencyMs } of run.calls) if (status === 200) latencies.push(latencyMs);
    log(`soak: ${Math.max(0, Math.round(left - stretchSeconds))} s left, ${counts.searches} searches, ${counts.shed} shed, ${counts.failed} failed, API ${observing.observations.at(-1)?.apiMegabytes ?? '–'} MB`);
  }
  observing.stop();
  ending.abort();
  await changing;
  return { minutes, perSecond, ...counts, answered: timesOf(latencies), changes, observations: observing.observations, sameProcesses: pidsOf(target) === pids };
}

const pidsOf = ({ stack }: LoadTarget): string => `${stack.services.api?.pid} ${stack.services.worker?.pid}`;
