import { setTimeout } from 'node:timers/promises';
import { memoryOf } from '../machine/peakMemory.ts';
import { restMs } from '../machine/memoryWatch.ts';
import { measureIngest } from '../ingestRun.ts';
import { round } from '../statistics.ts';
import { createApiCaller } from './apiCaller.ts';
import type { ApiCaller } from './apiCaller.ts';
import { textOf, timesOf } from './figures.ts';
import type { Figure, Times } from './figures.ts';
import { callAtRate } from './openLoop.ts';
import type { OpenRun } from './openLoop.ts';
import { apiProcessOf, distinctQueries } from './target.ts';
import type { LoadTarget } from './target.ts';

export interface OverloadReport {
  /** Highest rate at which nearly all of the ramp were answered in time, or, where that is more, what was served under a flood. */
  readonly saturationPerSecond: number;
  /** What the ramp alone found: a hiccup of the machine can end it early. */
  readonly rampPerSecond: number;
  readonly offeredPerSecond: number;
  readonly seconds: number;
  readonly admittedPerSecond: number;
  readonly admitted: Times;
  readonly refused: Times;
  /** Share of the requests answered with 429. */
  readonly shed: number;
  /** Answers that are neither 200 nor 429, and requests without an answer. */
  readonly failed: number;
  /** 429 without a Retry-After of whole seconds. */
  readonly withoutRetryAfter: number;
  /** Most milliseconds by which the generator itself was late. */
  readonly generatorLateMs: number;
  /** Another tenant that asks for a little beside the flood. */
  readonly neighbour: { readonly perSecond: number; readonly shed: number; readonly times: Times };
  /** Megabytes of the API process: before, at the end, after a rest; and at the end and after the rest of a second flood as long. */
  readonly memory: { readonly start: number; readonly end: number; readonly rested: number; readonly endAgain: number; readonly restedAgain: number };
  readonly samePid: boolean;
}

/** More than the API should ever have at once. */
const connections = 1_024;
const rampFrom = 20;
const rampSeconds = 4;
const rampStep = 1.25;
const floodSeconds = 30;
const probeSeconds = 6;
const mostProbes = 5;
/** A flood that serves so much more than the rate taken for saturation shows that it was none. */
const settled = 1.1;
const neighbourPerSecond = 5;
const mostP95Ms = 500;
/** Memory counts as flat if a second flood leaves no more than this beyond the first. */
const flat = 1.1;

export async function benchOverload(target: LoadTarget, log: (line: string) => void): Promise<OverloadReport> {
  const pid = apiProcessOf(target.stack);
  const neighbourTenant = `${target.tenant}-neighbour`;
  await measureIngest(await target.stack.clientFor(neighbourTenant), Array.from({ length: 50 }, (_, number) => ({ id: `near-${number}`, text: `${target.queries[number % target.queries.length] ?? ''} near ${number}` })));
  const [flood, neighbour] = [await createApiCaller(target.stack, target.tenant, connections), await createApiCaller(target.stack, neighbourTenant, 64)];
  const next = distinctQueries(target.queries);
  const ask = (caller: ApiCaller) => () => caller.search({ query: next() });
  const rampPerSecond = await findSaturation(ask(flood), log);
  const floodAt = (perSecond: number, seconds: number) => Promise.all([callAtRate(perSecond, seconds, ask(flood)), callAtRate(neighbourPerSecond, seconds, ask(neighbour))]);
  const saturationPerSecond = await raiseToServed(rampPerSecond, async (perSecond) => (await floodAt(perSecond, probeSeconds))[0], log);
  const offeredPerSecond = round(3 * saturationPerSecond, 1);
  await setTimeout(2_000);
  const start = memoryOf(pid, 'VmRSS');
  log(`overload: ${offeredPerSecond}/s for ${floodSeconds} s, twice …`);
  const floodOnce = () => floodAt(offeredPerSecond, floodSeconds);
  const [run, beside] = await floodOnce();
  const end = memoryOf(pid, 'VmRSS');
  await setTimeout(restMs);
  const rested = memoryOf(pid, 'VmRSS');
  await floodOnce();
  const endAgain = memoryOf(pid, 'VmRSS');
  await setTimeout(restMs);
  const memory = { start, end, rested, endAgain, restedAgain: memoryOf(pid, 'VmRSS') };
  await Promise.all([flood.close(), neighbour.close()]);
  return { saturationPerSecond, rampPerSecond, offeredPerSecond, seconds: floodSeconds, ...judged(run), neighbour: { perSecond: neighbourPerSecond, shed: shareShed(beside), times: latenciesOf(beside, 200) }, memory, samePid: apiProcessOf(target.stack) === pid };
}

type Call = () => Promise<{ readonly status: number; readonly retryAfter: string | undefined }>;

/** Raises the rate until more than one in a hundred is refused or late, and again when it is tried once more: a hiccup of the machine is no saturation. */
async function findSaturation(call: Call, log: (line: string) => void): Promise<number> {
  let reached = 0;
  const isServed = async (perSecond: number): Promise<boolean> => {
    const run = await callAtRate(perSecond, rampSeconds, call);
    const good = run.calls.filter(({ status, latencyMs }) => status === 200 && latencyMs <= mostP95Ms).length;
    const total = Math.round(perSecond * rampSeconds);
    log(`overload: ramp ${round(perSecond, 1)}/s, ${round((100 * good) / total, 1)} % in time …`);
    return good >= 0.99 * total;
  };
  for (let perSecond = rampFrom; (await isServed(perSecond)) || (await isServed(perSecond)); perSecond *= rampStep) reached = perSecond;
  if (reached === 0) throw new Error(`Not even ${rampFrom} requests a second were served in time, twice.`);
  return round(reached, 1);
}

/**
 * Three times the ramp's end is no overload where the ramp ended early: more is served then than it found. So what is served under the
 * flood counts as saturation until a flood of three times as much serves no more than a tenth beyond it.
 */
async function raiseToServed(from: number, flood: (perSecond: number) => Promise<OpenRun>, log: (line: string) => void): Promise<number> {
  let saturation = from;
  for (let probe = 0; probe < mostProbes; probe += 1) {
    const { calls } = await flood(3 * saturation);
    const served = round(calls.filter(({ status }) => status === 200).length / probeSeconds, 1);
    log(`overload: ${served}/s served of ${round(3 * saturation, 1)}/s …`);
    if (served <= saturation * settled) return saturation;
    saturation = served;
  }
  return saturation;
}

function judged(run: OpenRun) {
  const good = run.calls.filter(({ status }) => status === 200).length;
  const refusals = run.calls.filter(({ status }) => status === 429);
  return {
    admittedPerSecond: round(good / floodSeconds, 1),
    admitted: latenciesOf(run, 200),
    refused: latenciesOf(run, 429),
    shed: shareShed(run),
    failed: run.broken + run.calls.length - good - refusals.length,
    withoutRetryAfter: refusals.filter(({ retryAfter }) => retryAfter === undefined || !/^[1-9]\d*$/.test(retryAfter)).length,
    generatorLateMs: round(run.latestMs, 1),
  };
}

const latenciesOf = (run: OpenRun, wanted: number): Times => timesOf(run.calls.filter(({ status }) => status === wanted).map(({ latencyMs }) => latencyMs));
const shareShed = (run: OpenRun): number => round(run.calls.filter(({ status }) => status === 429).length / Math.max(1, run.calls.length), 3);

export function overloadFigures(report: OverloadReport, chunks: number): Figure[] {
  const { saturationPerSecond, rampPerSecond, offeredPerSecond, admittedPerSecond, admitted, refused, shed, failed, withoutRetryAfter, generatorLateMs, neighbour, memory, samePid } = report;
  const what = `3 × saturation over ${chunks} chunks`;
  const grown = round(memory.restedAgain / memory.rested);
  return [
    { what: `${what}: answers`, measured: `${textOf(admitted)}; ${admittedPerSecond}/s`, against: `offered ${offeredPerSecond}/s, saturation ${saturationPerSecond}/s (ramp ${rampPerSecond}/s); the generator at most ${generatorLateMs} ms late`, value: `p95 ${admitted.p95} ms`, goal: `p95 < ${mostP95Ms} ms`, reached: admitted.p95 < mostP95Ms },
    { what: `${what}: refusals (429)`, measured: textOf(refused), against: `all requests`, value: `${round(100 * shed, 1)} % shed`, goal: '–', reached: undefined },
    { what: `${what}: other answers, 429 without Retry-After`, measured: `${failed}, ${withoutRetryAfter}`, against: samePid ? 'the same process' : 'the process was started anew', value: String(failed + withoutRetryAfter), goal: '0', reached: failed + withoutRetryAfter === 0 && samePid },
    { what: `${what}: another tenant at ${neighbour.perSecond}/s`, measured: textOf(neighbour.times), against: 'the flood', value: `${round(100 * neighbour.shed, 1)} % shed`, goal: '0 %', reached: neighbour.shed === 0 },
    { what: `${what}: memory of the API`, measured: `start ${memory.start}, end ${memory.end}, rested ${memory.rested} MB`, against: `a second flood: end ${memory.endAgain}, rested ${memory.restedAgain} MB`, value: `× ${grown}`, goal: `≤ ${flat}`, reached: grown <= flat },
  ];
}
