import { dependencies } from '../dependencies/catalogue.ts';
import { dependencyNames, type Choice, type Dependency, type StackContext } from '../dependencies/dependency.ts';
import { programOnPath } from '../install/programOnPath.ts';
import { runCommand } from '../install/runCommand.ts';
import { describeFailure, LocalStackError } from '../localStackError.ts';
import type { Environment } from '../processEnvironment.ts';
import { stackEnvironment } from '../stackEnvironment.ts';
import type { Finding } from './finding.ts';

/** The toolchain that `npm start` would install a dependency with. */
const toolchains: Readonly<Partial<Record<Dependency['name'], string>>> = { temporal: 'go', s3: 'go', qdrant: 'python3', model: 'mvn' };

/** One finding for each dependency; asks those that run, by their names, or whose address was given. */
export async function examineDependencies(context: StackContext, runs: (name: string) => boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  // One after the other: side by side they would lengthen each other's latency.
  for (const name of dependencyNames) findings.push(await examine(dependencies[name], context, runs(name)));
  return findings;
}

async function examine(dependency: Dependency, context: StackContext, isRunning: boolean): Promise<Finding> {
  let choice: Choice | undefined;
  try {
    choice = await dependency.find(context.settings);
    if (choice === undefined) return await notInstalled(dependency, context);
  } catch (error) {
    return { name: dependency.title, condition: 'broken', origin: 'none', ...explain(error) };
  }
  const version = choice.version ?? (await versionOnPath(choice, context));
  const about = { name: dependency.title, origin: choice.origin, location: choice.location, ...(version === undefined ? {} : { version }) };
  const runsWithoutStack = choice.origin === 'address' || dependency.ports(choice).length === 0;
  if (!isRunning && !runsWithoutStack) return { ...about, condition: 'idle', detail: 'not running', remedy: 'npm start' };
  const environment = stackEnvironment(context, { [dependency.name]: choice });
  return { ...about, ...(await ask(dependency, environment, choice)) };
}

/** What a program of the user's says of its own version; it need not say anything. */
async function versionOnPath(choice: Choice, context: StackContext): Promise<string | undefined> {
  if (choice.origin !== 'path') return undefined;
  const options = { environment: context.settings.environment, remedy: '', timeoutMilliseconds: 5_000 };
  const output = await runCommand(choice.location, ['--version'], options).catch(() => '');
  return /\d+\.\d+\.\d+\S*/.exec(output)?.[0];
}

type Answer = Pick<Finding, 'condition' | 'detail' | 'latencyMilliseconds' | 'remedy'>;

async function ask(dependency: Dependency, environment: Environment, choice: Choice): Promise<Answer> {
  try {
    const detail = await dependency.ask(environment);
    if (dependency.ports(choice).length === 0) return { condition: 'ok', detail };
    // The first question also loaded the client library; the second measures the service.
    const begun = performance.now();
    await dependency.ask(environment);
    return { condition: 'ok', latencyMilliseconds: Math.round(performance.now() - begun), detail };
  } catch (error) {
    const remedy =
      choice.origin === 'address'
        ? `check that the server at ${choice.location} runs and accepts these credentials, or unset its variables to use the local one`
        : `read ${dependency.name}.log in the state folder's logs; the running stack starts it again by itself, else: npm start`;
    return { condition: 'broken', remedy, ...explain(error) };
  }
}

/** Without an install: fine as long as `npm start` can make one. */
async function notInstalled(dependency: Dependency, context: StackContext): Promise<Finding> {
  const program = toolchains[dependency.name];
  const present = program === undefined || programOnPath(program, context.settings.environment) !== undefined;
  // The model can also come from the model hub: only a start shows whether that is reached.
  if ((present && program !== undefined) || dependency.name === 'model') {
    const means = present ? `with ${program}` : `from the model hub if it can be reached; ${program}, which serves otherwise, is not on PATH`;
    return { name: dependency.title, condition: 'idle', origin: 'none', detail: `not installed yet; npm start installs it ${means}`, remedy: 'npm start' };
  }
  // With its toolchain missing an install fails at once, and says best what is missing.
  const reason = await dependency
    .install(context.settings, { log: () => undefined, signal: AbortSignal.timeout(10_000) })
    .then(() => undefined)
    .catch((error: unknown) => error);
  return { name: dependency.title, condition: 'broken', origin: 'none', ...explain(reason) };
}

function explain(error: unknown): Pick<Finding, 'detail'> | Required<Pick<Finding, 'detail' | 'remedy'>> {
  if (error instanceof LocalStackError) return { detail: error.message, remedy: error.remedy };
  return { detail: describeFailure(error) };
}
