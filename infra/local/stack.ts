import { applicationNames, applicationPlan, applications, type ApplicationName } from './applications.ts';
import { needsCodecDoor, openCodecDoor, type CodecDoor } from './codecDoor.ts';
import { dependencies } from './dependencies/catalogue.ts';
import { dependencyNames, type Choice, type DependencyName, type StackContext } from './dependencies/dependency.ts';
import type { Log } from './install/toolCache.ts';
import { LocalStackError, describeFailure } from './localStackError.ts';
import { elapsed, timed } from './progress.ts';
import type { Environment } from './processEnvironment.ts';
import { loadSecrets } from './secrets.ts';
import { portVariables, type LocalSettings, type PortName } from './settings.ts';
import { stackEnvironment, type Choices } from './stackEnvironment.ts';
import { lockStack } from './stackLock.ts';
import { endOrphans } from './supervision/orphans.ts';
import { requireFreePort } from './supervision/ports.ts';
import { SupervisedProcess } from './supervision/supervisedProcess.ts';

const furtherFailuresWithin = 1_000;

export type ServiceName = DependencyName | ApplicationName;

export interface StackOptions {
  /** What to start; everything by default. The model runs nowhere: it is fetched, and named in the environment. */
  readonly services?: readonly ServiceName[];
  /** Receives one line for each step. */
  readonly log?: Log;
  /** Ends a start that is under way: installs are interrupted, and what was started is stopped. */
  readonly signal?: AbortSignal;
  /** Asked once the dependencies answer: what the API and the worker are given instead, say addresses of proxies in front of them. */
  readonly adaptEnvironment?: ((environment: Environment) => Environment | Promise<Environment>) | undefined;
}

export interface LocalStack {
  /** What the API and the worker are given; also what a test gives to a client or a process of its own. */
  readonly environment: Environment;
  /** The processes started here. A dependency with an address of the user's is not among them. */
  readonly services: Partial<Record<ServiceName, SupervisedProcess>>;
  readonly choices: Choices;
  /** Ends the API, then the worker, then the dependencies. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts servers on loopback, installs what is missing, and waits until each answers.
 * @throws LocalStackError; everything started until then has been stopped.
 */
export async function startStack(settings: LocalSettings, options: StackOptions = {}): Promise<LocalStack> {
  const wanted = options.services ?? [...dependencyNames, ...applicationNames];
  const log = options.log ?? (() => undefined);
  const lock = lockStack(settings.stateDirectory);
  const services: Partial<Record<ServiceName, SupervisedProcess>> = {};
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const interrupt = (): void => Object.values(services).forEach((service) => void service.stop());
  signal.addEventListener('abort', interrupt);
  let stopping: Promise<void> | undefined;
  let door: CodecDoor | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(services, log).finally(() => door?.close()).finally(() => lock.release()));
  try {
    const ended = await endOrphans(settings.stateDirectory);
    if (ended.length > 0) log(`ended what an earlier start had left running: ${ended.join(', ')}`);
    const context = { settings, secrets: await loadSecrets(settings.stateDirectory) };
    const found = await findDependencies(settings, wanted);
    await requirePorts(settings, wanted, found);
    const launcher = { context, log, services, signal };
    const choices = await startDependencies(launcher, wanted, found, failed);
    const direct = stackEnvironment(context, choices);
    const environment = (await options.adaptEnvironment?.(direct)) ?? direct;
    await allOrNone(
      applicationNames.filter((name) => wanted.includes(name)).map((name) => startApplication(launcher, name, environment)),
      failed,
    );
    if (services.api !== undefined && services.temporal !== undefined && needsCodecDoor(environment)) door = await openCodecDoor(settings, environment);
    return { environment, services, choices, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

interface Launcher {
  readonly context: StackContext;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly services: Partial<Record<ServiceName, SupervisedProcess>>;
}

async function findDependencies(settings: LocalSettings, wanted: readonly ServiceName[]): Promise<Choices> {
  const names = dependencyNames.filter((name) => wanted.includes(name));
  const found = await Promise.all(names.map(async (name) => [name, await dependencies[name].find(settings)] as const));
  return Object.fromEntries(found.filter(([, choice]) => choice !== undefined));
}

/** All ports are looked at before anything is built: a taken one must not show after minutes. */
async function requirePorts(settings: LocalSettings, wanted: readonly ServiceName[], found: Choices): Promise<void> {
  const needed: { port: PortName; title: string }[] = [];
  for (const name of dependencyNames) {
    if (!wanted.includes(name) || found[name]?.origin === 'address') continue;
    needed.push(...dependencies[name].ports(found[name]).map((port) => ({ port, title: dependencies[name].title })));
  }
  for (const name of applicationNames) {
    if (wanted.includes(name)) needed.push({ port: applications[name].port, title: applications[name].title });
  }
  for (const { port, title } of needed) await requireFreePort(settings.ports[port], title, portVariables[port]);
}

async function startDependencies(launcher: Launcher, wanted: readonly ServiceName[], found: Choices, failed: AbortController): Promise<Choices> {
  const names = dependencyNames.filter((name) => wanted.includes(name));
  const started = await allOrNone(names.map((name) => startDependency(launcher, name, found[name])), failed);
  return Object.fromEntries(names.map((name, index) => [name, started[index]]));
}

async function startDependency(launcher: Launcher, name: DependencyName, found: Choice | undefined): Promise<Choice> {
  const { context, log, signal } = launcher;
  const dependency = dependencies[name];
  const watch = { log: (line: string) => log(`${dependency.title}: ${line}`), signal };
  const choice = found ?? (await timed(log, dependency.installing, () => dependency.install(context.settings, watch)));
  if (choice.origin === 'address') {
    log(`${dependency.title}: using ${choice.location}, as set in the environment`);
    return choice;
  }
  const plan = await dependency.plan(context, choice);
  if (plan === undefined) {
    log(`${dependency.title}: ${choice.location}`);
    return choice;
  }
  await launch(launcher, name, new SupervisedProcess(plan, context.settings.stateDirectory));
  await dependency.afterReady?.(context);
  return choice;
}

async function startApplication(launcher: Launcher, name: ApplicationName, environment: Environment): Promise<void> {
  const plan = applicationPlan(name, launcher.context.settings, environment);
  await launch(launcher, name, new SupervisedProcess(plan, launcher.context.settings.stateDirectory));
}

async function launch(launcher: Launcher, name: ServiceName, service: SupervisedProcess): Promise<void> {
  const { log, services, signal } = launcher;
  signal.throwIfAborted();
  const { title } = service.plan;
  services[name] = service;
  const begun = Date.now();
  await service.start();
  log(`${title}: answers (${elapsed(begun)})`);
  service.on('crashed', (exit, delay) =>
    log(`${title}: ended unexpectedly (${exit.signal ?? `exit code ${String(exit.code)}`}), starting it again in ${delay / 1000} s; see ${service.logFile}`),
  );
  service.on('ready', () => log(`${title}: answers again`));
}

/**
 * Waits for all, also after a failure, so that nothing starts behind the back of a stop. The first failure interrupts
 * the others shortly after: what fails at once, say for missing toolchains, is told together, and nobody waits for
 * a build of minutes to learn what is known already.
 */
async function allOrNone<T>(tasks: readonly Promise<T>[], failed: AbortController): Promise<T[]> {
  const failures: unknown[] = [];
  const results = await Promise.allSettled(
    tasks.map((task) =>
      task.catch((error: unknown) => {
        // What an interruption ended is no reason of its own.
        if (!failed.signal.aborted) failures.push(error);
        setTimeout(() => failed.abort(), furtherFailuresWithin);
        throw error;
      }),
    ),
  );
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    throw new LocalStackError(failures.map((failure) => describeFailure(failure)).join('\n'), 'mend these in turn.', { cause: failures[0] });
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** The API first, so that no work is taken that nobody would do; the worker next, while its servers still answer. */
async function stopAll(services: Partial<Record<ServiceName, SupervisedProcess>>, log: Log): Promise<void> {
  const order: ServiceName[][] = [['api'], ['worker'], ['temporal'], ['postgres', 's3', 'qdrant']];
  for (const names of order) {
    await Promise.all(names.map((name) => stopOne(services[name], log)));
  }
}

async function stopOne(service: SupervisedProcess | undefined, log: Log): Promise<void> {
  if (service === undefined || service.isStopped) return;
  const begun = Date.now();
  const graceful = await service.stop();
  log(`${service.plan.title}: ${graceful ? 'stopped' : `did not stop within ${service.plan.stopWithinMilliseconds / 1000} s and was killed`} (${elapsed(begun)})`);
}
