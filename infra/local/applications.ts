import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { questionTimeout } from './dependencies/dependency.ts';
import type { Environment } from './processEnvironment.ts';
import type { LocalSettings, PortName } from './settings.ts';
import type { ServicePlan } from './supervision/servicePlan.ts';

export const applicationNames = ['api', 'worker'] as const;
export type ApplicationName = (typeof applicationNames)[number];

/** The project's own processes: where they begin, and the port on which they say that they are ready. */
export const applications: Readonly<Record<ApplicationName, { title: string; entry: string; port: PortName }>> = {
  api: { title: 'API', entry: 'src/api/main.ts', port: 'api' },
  worker: { title: 'Worker', entry: 'temporal/worker.ts', port: 'workerMetrics' },
};

const projectFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** How the API or the worker is run, on this process's own Node: the one that the project pins. */
export function applicationPlan(name: ApplicationName, settings: LocalSettings, environment: Environment): ServicePlan {
  const { title, entry, port } = applications[name];
  const readiness = `http://127.0.0.1:${settings.ports[port]}/readyz`;
  return {
    name,
    title,
    command: process.execPath,
    arguments: [join(projectFolder, entry)],
    environment,
    workingDirectory: projectFolder,
    probe: () => requireReady(readiness),
    readyWithinMilliseconds: 90_000,
    stopSignal: 'SIGTERM',
    stopWithinMilliseconds: 30_000,
  };
}

async function requireReady(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(questionTimeout) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 500)}`);
}

