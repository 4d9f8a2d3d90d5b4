import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { programOnPath } from '../install/programOnPath.ts';
import { findPython, installWithPip, pythonEntryName } from '../install/pythonInstall.ts';
import { cachedFolder, type InstallWatch } from '../install/toolCache.ts';
import { LocalStackError } from '../localStackError.ts';
import type { Environment } from '../processEnvironment.ts';
import type { LocalSettings } from '../settings.ts';
import type { ServicePlan } from '../supervision/servicePlan.ts';
import { questionTimeout, type Choice, type Dependency, type StackContext } from './dependency.ts';

/** The development server over Qdrant's engine: for machines on which no real Qdrant can be had. */
const developmentServer = join(dirname(fileURLToPath(import.meta.url)), '..', 'qdrant', 'server.py');
const requirements = join(dirname(developmentServer), 'requirements.txt');

export const qdrant: Dependency = {
  name: 'qdrant',
  title: 'Qdrant',
  installing: "installing Qdrant's engine for the development server from PyPI, once (10 to 40 s)",

  async find(settings: LocalSettings): Promise<Choice | undefined> {
    const address = settings.environment['QDRANT_URL'];
    if (address !== undefined) return { origin: 'address', location: address };
    const onPath = programOnPath('qdrant', settings.environment);
    if (onPath !== undefined) return { origin: 'path', location: onPath };
    const python = await findPython(settings);
    if (python === undefined) return undefined;
    const folder = cachedFolder(settings.cacheDirectory, await pythonEntryName('qdrant', requirements, python));
    return folder === undefined ? undefined : { origin: 'cache', location: folder, version: 'development server' };
  },

  async install(settings: LocalSettings, watch: InstallWatch): Promise<Choice> {
    const python = await findPython(settings);
    const name = python === undefined ? 'qdrant' : await pythonEntryName('qdrant', requirements, python);
    const { folder } = await installWithPip(settings, name, requirements, watch);
    return { origin: 'build', location: folder, version: 'development server' };
  },

  ports: (choice: Choice | undefined) => (choice?.origin === 'path' ? ['qdrant', 'qdrantGrpc'] : ['qdrant']),

  async plan(context: StackContext, choice: Choice): Promise<ServicePlan> {
    const { settings } = context;
    const folder = join(settings.stateDirectory, 'qdrant');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const url = `http://127.0.0.1:${settings.ports.qdrant}`;
    const run = choice.origin === 'path' ? realServer(settings, choice, folder) : await developmentProcess(settings, choice, folder);
    return {
      name: 'qdrant',
      title: this.title,
      ...run,
      workingDirectory: folder,
      probe: () => requireOk(`${url}/readyz`, {}).then(discard),
      readyWithinMilliseconds: 60_000,
      stopSignal: 'SIGTERM',
      stopWithinMilliseconds: 20_000,
    };
  },

  environment: (context: StackContext, choice: Choice): Record<string, string> =>
    choice.origin === 'address' ? {} : { QDRANT_URL: `http://127.0.0.1:${context.settings.ports.qdrant}` },

  async ask(environment: Environment): Promise<string> {
    const url = (environment['QDRANT_URL'] ?? '').replace(/\/+$/, '');
    const key = environment['QDRANT_API_KEY'];
    const headers: Record<string, string> = key === undefined ? {} : { 'api-key': key };
    await requireOk(`${url}/readyz`, headers).then(discard);
    const response = await requireOk(`${url}/`, headers);
    const { title, version } = z.object({ title: z.string(), version: z.string() }).parse(await response.json());
    return `${title} ${version}`;
  },
};

type RunParts = Pick<ServicePlan, 'command' | 'arguments' | 'environment'>;

function realServer(settings: LocalSettings, choice: Choice, folder: string): RunParts {
  return {
    command: choice.location,
    arguments: [],
    environment: {
      ...settings.environment,
      QDRANT__SERVICE__HOST: '127.0.0.1',
      QDRANT__SERVICE__HTTP_PORT: String(settings.ports.qdrant),
      QDRANT__SERVICE__GRPC_PORT: String(settings.ports.qdrantGrpc),
      QDRANT__STORAGE__STORAGE_PATH: join(folder, 'storage'),
      QDRANT__STORAGE__SNAPSHOTS_PATH: join(folder, 'snapshots'),
      QDRANT__TELEMETRY_DISABLED: 'true',
    },
  };
}

async function developmentProcess(settings: LocalSettings, choice: Choice, folder: string): Promise<RunParts> {
  const python = await findPython(settings);
  if (python === undefined) {
    throw new LocalStackError('The development Qdrant was installed earlier, but python3 is no longer on PATH.', 'put python3 on PATH, or set QDRANT_URL.');
  }
  return {
    command: python.executable,
    arguments: [
      developmentServer,
      '--host', '127.0.0.1',
      '--port', String(settings.ports.qdrant),
      '--storage', join(folder, 'development-storage'),
    ],
    environment: { ...settings.environment, PYTHONPATH: choice.location, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
  };
}

async function requireOk(url: string, headers: Record<string, string>): Promise<Response> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(questionTimeout) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

/** An unread answer would keep its connection. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}
