import { setTimeout as sleep } from 'node:timers/promises';
import { describeAction } from '../schedule/schedule.ts';
import type { Action, KillTarget, Step } from '../schedule/schedule.ts';
import type { ChaosStack } from './chaosStack.ts';
import type { Progress } from './progress.ts';
import type { Submission } from './submission.ts';

/** What became of a step. */
export interface Deed {
  readonly step: Step;
  /** Seconds after the start of the run. */
  readonly atSeconds: number;
  readonly progress: Progress;
  /** Whether documents were in work in that moment. */
  readonly inWork: boolean;
  /** A kill: the process was running and is gone. A fault: connections were open, or the line is bad for a while. */
  readonly hit: boolean;
}

export interface Disturbance {
  readonly chaos: ChaosStack;
  readonly submission: Submission;
  readonly progress: () => Progress;
  /** How often each text is embedded without any fault. */
  readonly usual: ReadonlyMap<string, number>;
  readonly log: (line: string) => void;
}

const betweenLooksMs = 50;
/** A service that was killed shortly before is waited for, so that a kill hits something that lives. */
const restartPatienceMs = 90_000;

/** Between two requests there may be nothing in work for a while, as after a kill of the API; a step waits for the next at most so long. */
const workPatienceMs = 60_000;
/** Kills that missed are done once more, later; so many times in all, or something is wrong. */
const mostRepeated = 30;

/** Does one step after the other, each in its time, and kills that found nothing once more. Ends early only if the work has ended. */
export async function disturb(disturbance: Disturbance, steps: readonly Step[], hasEnded: () => boolean): Promise<Deed[]> {
  const { progress, log } = disturbance;
  const begun = performance.now();
  const deeds: Deed[] = [];
  let lastAt = begun;
  const due = [...steps];
  for (let step = due.shift(); step !== undefined; step = due.shift()) {
    while (progress().done < step.afterDocuments && performance.now() - lastAt < step.patienceMs && !hasEnded()) await sleep(betweenLooksMs);
    await sleep(step.delayMs);
    for (const until = performance.now() + workPatienceMs; progress().openJobs === 0 && performance.now() < until && !hasEnded(); ) await sleep(betweenLooksMs);
    if (hasEnded()) break;
    const hit = await act(disturbance, step.action);
    lastAt = performance.now();
    const deed = { step, atSeconds: Math.round((lastAt - begun) / 100) / 10, progress: progress(), inWork: progress().openJobs > 0, hit };
    deeds.push(deed);
    if (step.action.type === 'kill' && !(deed.hit && deed.inWork) && repeated(deeds) < mostRepeated) due.splice(1, 0, step);
    log(`${deed.atSeconds} s, ${deed.progress.done} done, ${deed.progress.open} open, ${askedAgain(disturbance)} texts embedded again: ${describeAction(step.action)}${hit ? '' : ' (missed)'}${deed.inWork ? '' : ' (nothing in work)'}`);
  }
  return deeds;
}

function repeated(deeds: readonly Deed[]): number {
  return deeds.length - new Set(deeds.map(({ step }) => step)).size;
}

/** So far, and beyond the usual; what only a search or a health check asks counts too. */
function askedAgain({ chaos, usual }: Disturbance): number {
  let again = 0;
  for (const [text, count] of chaos.embedder.counts) again += Math.max(0, count - (usual.get(text) ?? 1));
  return again;
}

async function act(disturbance: Disturbance, action: Action): Promise<boolean> {
  if (action.type === 'kill') return kill(disturbance, action.target, action.afterRequestMs);
  const open = disturbance.chaos.links[action.target].apply(action.fault);
  return open > 0 || 'milliseconds' in action.fault;
}

async function kill({ chaos, submission }: Disturbance, target: KillTarget, afterRequestMs: number | undefined): Promise<boolean> {
  const service = chaos.stack.services[target];
  if (service === undefined) throw new Error(`${target} was not started.`);
  const until = performance.now() + restartPatienceMs;
  while (!service.isReady && performance.now() < until) await sleep(betweenLooksMs);
  if (afterRequestMs !== undefined) {
    submission.sendNow();
    await sleep(afterRequestMs);
  }
  const { pid } = service;
  if (pid === undefined || !isRunning(pid)) return false;
  service.kill('SIGKILL');
  for (let look = 0; look < 100 && isRunning(pid); look += 1) await sleep(20);
  return !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
