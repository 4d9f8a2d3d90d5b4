import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Log } from './install/toolCache.ts';
import { describeFailure } from './localStackError.ts';
import { processEnvironment, type Environment } from './processEnvironment.ts';
import { loadLocalSettings, type LocalSettings } from './settings.ts';
import { startStack, type LocalStack, type ServiceName, type StackOptions } from './stack.ts';
import { freePorts, portEnvironment } from './supervision/ports.ts';
import { lastLogLines } from './supervision/serviceLog.ts';

/** Variables that would lead a test to a user's own servers, or change what it measures. */
const usersOwn = /^(CATALYST_|TEMPORAL_|S3_|AWS_|QDRANT_|FIRECRAWL_|DATABASE_URL$)/;
const kept = new Set(['CATALYST_CACHE_DIR', 'CATALYST_EMBEDDING_MODEL_DIR']);

export interface TestStackOptions {
  readonly services?: readonly ServiceName[];
  /** Added for the API, the worker and the dependencies; wins over all else. */
  readonly environment?: Environment;
  readonly log?: Log;
  readonly adaptEnvironment?: StackOptions['adaptEnvironment'] | undefined;
}

export interface TestStack extends LocalStack {
  readonly settings: LocalSettings;
  /** Where the API listens, also when it is not among the started services. */
  readonly apiUrl: string;
  /** The last lines of every service's log, to show when a test fails. */
  serviceLogs(linesEach?: number): Promise<string>;
}

/**
 * A stack of one's own: free ports, a temporary state folder, nothing of the user's environment but the caches.
 * `stop()` ends its processes and removes its state.
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'catalyst-test-'));
  // Passable, not readable: PostgreSQL may have to run as another user than the one who tests.
  await chmod(stateDirectory, 0o711);
  const settings = loadLocalSettings(
    {
      ...hermetic(processEnvironment()),
      CATALYST_PROFILE: 'test',
      CATALYST_STATE_DIR: stateDirectory,
      ...portEnvironment(await freePorts()),
      ...options.environment,
    },
    stateDirectory,
  );
  const serviceLogs = (linesEach = 40): Promise<string> => collectLogs(settings.stateDirectory, linesEach);
  const remove = (): Promise<void> => rm(stateDirectory, { recursive: true, force: true });
  try {
    const stack = await startStack(settings, options);
    return { ...stack, settings, apiUrl: `http://127.0.0.1:${settings.ports.api}`, serviceLogs, stop: () => stack.stop().then(remove) };
  } catch (error) {
    const logs = await serviceLogs();
    await remove();
    throw new Error(`The test stack did not start: ${describeFailure(error)}\n${logs}`, { cause: error });
  }
}

function hermetic(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => kept.has(name) || !usersOwn.test(name)));
}

async function collectLogs(stateDirectory: string, linesEach: number): Promise<string> {
  const folder = join(stateDirectory, 'logs');
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.log'));
  return files.map((file) => `--- ${basename(file)}\n${lastLogLines(join(folder, file), linesEach).join('\n')}`).join('\n');
}
