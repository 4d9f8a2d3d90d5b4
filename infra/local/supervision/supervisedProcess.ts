import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from '../localStackError.ts';
import { endProcess, sendSignal } from './endProcess.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from './processIdentity.ts';
import { processFile, removeProcessFile, writeProcessFile } from './processFile.ts';
import { lastLogLines, openServiceLog, readableLine } from './serviceLog.ts';
import type { ServicePlan } from './servicePlan.ts';

const firstRestartDelay = 250;
const longestRestartDelay = 10_000;
/** A service that stayed up this long has recovered: the next crash starts with the short delay again. */
const steadyAfter = 30_000;
const probeInterval = 100;
/** Of a stack trace its message is shown; the frames stand in the log. */
const stackFrame = /^\s+at /;

export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SupervisedProcessEvents {
  /** It ended without being asked to; it is started again after `delayMilliseconds`. */
  crashed: [exit: ServiceExit, delayMilliseconds: number];
  /** It answers: after the first start, and after each restart. */
  ready: [];
}

/**
 * A child in a process group of its own, so that Ctrl-C in a terminal reaches the supervisor alone, which then
 * ends its children in order. Restarted with growing delays whenever it ends unasked.
 */
export class SupervisedProcess extends EventEmitter<SupervisedProcessEvents> {
  readonly plan: ServicePlan;
  readonly logFile: string;
  readonly #processFile: string;
  #child: ChildProcess | undefined;
  #identity: ProcessIdentity | undefined;
  #state: 'stopped' | 'starting' | 'ready' | 'crashed' | 'stopping' = 'stopped';
  #restarts = 0;
  #delay = firstRestartDelay;
  #logStart = 0;

  constructor(plan: ServicePlan, stateDirectory: string) {
    super();
    this.plan = plan;
    this.logFile = join(stateDirectory, 'logs', `${plan.name}.log`);
    this.#processFile = processFile(stateDirectory, plan.name);
  }

  get pid(): number | undefined {
    return this.#identity?.pid;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get isStopped(): boolean {
    return this.#state === 'stopped';
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /**
   * Starts the service and waits until it answers.
   * @throws LocalStackError with the last lines of its log when it ends or stays silent instead.
   */
  async start(): Promise<void> {
    if (this.#state !== 'stopped') return;
    this.#state = 'starting';
    endWithSupervisor(this);
    try {
      await this.#startOnce();
      if (this.#isEnding()) throw new LocalStackError(`${this.plan.title} was stopped while it started.`, 'start again.');
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Sends a signal to the service's process group, as a crash or an operator would. It is restarted if that ends it. */
  kill(signal: NodeJS.Signals): void {
    if (this.#identity !== undefined) sendSignal(this.#identity.pid, signal, true);
  }

  /** Resolves the next time the service answers after a crash; at once if it answers now and `afterRestart` was reached. */
  async waitUntilReady(afterRestart = 0): Promise<void> {
    while (!(this.isReady && this.#restarts >= afterRestart)) await once(this, 'ready');
  }

  /** Asks the service to end, waits, and kills it past its deadline. @returns whether it ended by itself. */
  async stop(): Promise<boolean> {
    this.#state = 'stopping';
    const identity = this.#identity;
    const graceful = identity === undefined || (await endProcess(identity, this.plan.stopSignal, this.plan.stopWithinMilliseconds));
    running.delete(this);
    removeProcessFile(this.#processFile);
    this.#identity = undefined;
    this.#state = 'stopped';
    return graceful;
  }

  async #startOnce(): Promise<void> {
    await this.plan.beforeStart?.();
    if (this.#isEnding()) return;
    const exited = this.#spawn();
    const deadline = Date.now() + this.plan.readyWithinMilliseconds;
    let silence: unknown;
    while (Date.now() < deadline) {
      if (exited.value !== undefined) throw this.#failure(`ended at once (${describeExit(exited.value)})`);
      try {
        await this.plan.probe();
        if (exited.value !== undefined) continue;
        if (this.#isEnding()) return;
        this.#state = 'ready';
        this.emit('ready');
        return;
      } catch (error) {
        silence = error;
        await sleep(probeInterval);
      }
    }
    throw this.#failure(`did not answer within ${this.plan.readyWithinMilliseconds / 1000} s`, silence);
  }

  #isEnding(): boolean {
    return this.#state === 'stopping' || this.#state === 'stopped';
  }

  #spawn(): { value: ServiceExit | undefined } {
    const { plan } = this;
    const log = openServiceLog(this.logFile);
    this.#logStart = fstatSync(log).size;
    const exited: { value: ServiceExit | undefined } = { value: undefined };
    const child = spawn(plan.command, plan.arguments, {
      cwd: plan.workingDirectory,
      env: plan.environment,
      detached: true,
      stdio: ['ignore', log, log],
      ...(plan.runAs === undefined ? {} : { uid: plan.runAs.userId, gid: plan.runAs.groupId }),
    });
    closeSync(log);
    this.#child = child;
    this.#identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (this.#identity !== undefined) {
      writeProcessFile(this.#processFile, { ...this.#identity, command: [plan.command, ...plan.arguments].join(' ') });
    }
    const startedAt = Date.now();
    const onEnd = (exit: ServiceExit): void => {
      if (exited.value !== undefined) return;
      exited.value = exit;
      if (this.#child === child && this.#state === 'ready') this.#restartLater(exit, Date.now() - startedAt);
    };
    child.once('exit', (code, signal) => onEnd({ code, signal }));
    child.once('error', () => onEnd({ code: null, signal: null }));
    return exited;
  }

  #restartLater(exit: ServiceExit, ranFor: number): void {
    this.#state = 'crashed';
    if (ranFor > steadyAfter) this.#delay = firstRestartDelay;
    void this.#restartUntilReady(exit);
  }

  async #restartUntilReady(exit: ServiceExit): Promise<void> {
    let lastExit = exit;
    while (this.#state === 'crashed') {
      this.emit('crashed', lastExit, this.#delay);
      await sleep(this.#delay);
      this.#delay = Math.min(this.#delay * 2, longestRestartDelay);
      if (this.#state !== 'crashed') return;
      this.#restarts += 1;
      try {
        await this.#startOnce();
        return;
      } catch {
        // Said again by the next 'crashed'; the reason stands in the service's log.
        lastExit = { code: this.#child?.exitCode ?? null, signal: this.#child?.signalCode ?? null };
        if (this.#identity !== undefined && isAlive(this.#identity)) await endProcess(this.#identity, 'SIGKILL', 0);
      }
    }
  }

  #failure(whatHappened: string, cause?: unknown): LocalStackError {
    const lines = lastLogLines(this.logFile, 60, this.#logStart).filter((line) => !stackFrame.test(line)).slice(-12).map((line) => `\n    ${readableLine(line)}`);
    const silence = cause instanceof Error && lines.length === 0 ? ` Last answer: ${cause.message}` : '';
    const message = `${this.plan.title} ${whatHappened}.${silence}${lines.length === 0 ? '' : ` Its last lines:${lines.join('')}`}`;
    return new LocalStackError(message, `read ${this.logFile}, then start again.`, { cause });
  }

  /** Asks the service to end without waiting for it. */
  signalStop(): void {
    if (this.#identity !== undefined && isAlive(this.#identity)) sendSignal(this.#identity.pid, this.plan.stopSignal);
  }
}

const running = new Set<SupervisedProcess>();
let listens = false;

/** Last resort when the supervising process exits without having stopped its services: nothing asynchronous runs any more. */
function endWithSupervisor(service: SupervisedProcess): void {
  running.add(service);
  if (!listens) process.once('exit', () => running.forEach((each) => each.signalStop()));
  listens = true;
}

function describeExit(exit: ServiceExit): string {
  if (exit.signal !== null) return `signal ${exit.signal}`;
  return exit.code === null ? 'it could not be run' : `exit code ${exit.code}`;
}
