import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { announcement, apiUrl } from './announcement.ts';
import { signDevelopmentToken } from './developmentToken.ts';
import { listenForInterruption } from './interruption.ts';
import { describeFailure } from './localStackError.ts';
import { writePrivateFile } from './privateFile.ts';
import { processEnvironment, withEnvironmentFile } from './processEnvironment.ts';
import { elapsed } from './progress.ts';
import { runSample } from './sampleRun.ts';
import { loadLocalSettings, type LocalSettings } from './settings.ts';
import { startStack, type LocalStack } from './stack.ts';
import { killRecorded } from './supervision/orphans.ts';

const usage = `Starts the local stack, ingests a sample set, and stays up until Ctrl-C.

  npm start                    everything
  npm start -- --no-sample     without the sample set
  npm start -- --once          stops again once everything has worked (also CATALYST_START_ONCE=1)
`;

const interrupted = 130;
const begun = Date.now();
const log = (message: string): void => console.log(`[${elapsed(begun).padStart(10)}] ${message}`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { 'no-sample': { type: 'boolean' }, once: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const environment = withEnvironmentFile(processEnvironment(), process.cwd());
  const settings = loadLocalSettings(environment, process.cwd());
  const signal = listenForInterruption(() => {
    console.log('Second interruption: killing everything.');
    killRecorded(settings.stateDirectory);
    process.exit(1);
  });
  const stopAfterwards = values.once === true || environment['CATALYST_START_ONCE'] === '1';
  log(`starting the local stack; state in ${settings.stateDirectory}, programs in ${settings.cacheDirectory}`);
  const stack = await startUnlessInterrupted(settings, signal);
  if (stack === undefined) return interrupted;
  try {
    const worked = await present(settings, stack, values['no-sample'] !== true, signal);
    if (stopAfterwards) return worked ? 0 : 1;
    if (!signal.aborted) await once(signal, 'abort');
    return 0;
  } finally {
    log('stopping: API, worker, then the servers (a second Ctrl-C kills them) …');
    await stack.stop();
    log('everything has stopped; all data is kept');
  }
}

async function startUnlessInterrupted(settings: LocalSettings, signal: AbortSignal): Promise<LocalStack | undefined> {
  try {
    return await startStack(settings, { log, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    log('stopped before it was up; what was installed until now is kept');
    return undefined;
  }
}

/** Writes down how to connect, runs the sample and tells where everything is. @returns whether all of it worked. */
async function present(settings: LocalSettings, stack: LocalStack, withSample: boolean, signal: AbortSignal): Promise<boolean> {
  const token = await signDevelopmentToken(stack.environment);
  const connection = JSON.stringify({ url: apiUrl(settings), token }, undefined, 2);
  await writePrivateFile(join(settings.stateDirectory, 'connection.json'), `${connection}\n`);
  let worked = true;
  if (withSample) {
    // The stack stays up after a failure: its Web UI and logs are where the reason is found.
    await runSample(apiUrl(settings), token, log, signal).catch((error: unknown) => {
      worked = false;
      if (!signal.aborted) log(`the sample set did not work: ${describeFailure(error)}`);
    });
  }
  if (!signal.aborted) console.log(announcement(settings, stack.services.temporal !== undefined, token));
  return worked;
}

// A closed terminal must not turn an orderly stop into a crash.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  process.exit(await main());
} catch (error) {
  console.error(`\nThe local stack did not start.\n${describeFailure(error)}`);
  process.exit(1);
}
