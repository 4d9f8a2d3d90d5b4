import type { Figure } from '../load/figures.ts';
import { median, quantile, round } from '../statistics.ts';
import type { Observation } from './observeProcesses.ts';
import type { SoakCourse } from './soakRun.ts';

const mostP95Ms = 500;
const mostShed = 0.01;
const mostGrowth = 1.15;
const mostLoopMs = 100;
/** Below that, start-up still shows: memory is not judged. */
const leastObservations = 24;

/** What was measured against what it may be. */
export function judge(course: SoakCourse): Figure[] {
  const { searches, shed, failed, answered, changes, observations, sameProcesses } = course;
  const shedShare = shed / Math.max(1, searches);
  const wrong = failed + changes.failures.length;
  const loop = round(median(observations.map(({ loopP99Ms }) => loopP99Ms)));
  return [
    { what: 'failures', measured: `${failed} searches, ${changes.failures.length} changes of ${changes.ingested} documents ingested and ${changes.deleted} deleted`, against: sameProcesses ? `${searches} searches` : 'a process was started anew', value: String(wrong), goal: '0', reached: wrong === 0 && sameProcesses },
    { what: 'searches refused (429)', measured: String(shed), against: `${searches} searches`, value: `${round(100 * shedShare)} %`, goal: `≤ ${100 * mostShed} %`, reached: shedShare <= mostShed },
    { what: 'time of answers', measured: `p50 ${answered.p50}, p95 ${answered.p95}, p99 ${answered.p99} ms`, against: '–', value: `p95 ${answered.p95} ms`, goal: `< ${mostP95Ms} ms`, reached: answered.p95 < mostP95Ms },
    memoryFigure('API', observations, ({ apiMegabytes }) => apiMegabytes),
    memoryFigure('worker', observations, ({ workerMegabytes }) => workerMegabytes),
    { what: 'event loop of the API', measured: `p99 of 5 s: median ${loop}, worst ${quantile(observations.map(({ loopP99Ms }) => loopP99Ms), 1)} ms; longest ${quantile(observations.map(({ loopMostMs }) => loopMostMs), 1)} ms`, against: '–', value: `${loop} ms`, goal: `≤ ${mostLoopMs} ms`, reached: loop <= mostLoopMs },
  ];
}

/** The last quarter of the time against the second: in the first, caches fill. */
function memoryFigure(name: string, observations: readonly Observation[], memoryOf: (observation: Observation) => number): Figure {
  const megabytes = observations.map(memoryOf);
  const quarter = Math.floor(megabytes.length / 4);
  const [before, after] = [median(megabytes.slice(quarter, 2 * quarter)), median(megabytes.slice(-quarter))];
  const growth = round(after / before);
  const judged = megabytes.length >= leastObservations;
  return { what: `memory of the ${name}`, measured: `last quarter ${after} MB`, against: `second quarter ${before} MB`, value: `× ${growth}`, goal: judged ? `≤ ${mostGrowth}` : 'none in less than two minutes', reached: judged ? growth <= mostGrowth : undefined };
}
