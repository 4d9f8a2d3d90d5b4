import { readinessSchema } from '../../../src/contracts/health.ts';
import { applicationNames, applications, type ApplicationName } from '../applications.ts';
import { questionTimeout } from '../dependencies/dependency.ts';
import type { LocalSettings } from '../settings.ts';
import type { Finding } from './finding.ts';

/** The API and the worker, as they tell of themselves. */
export async function examineApplications(settings: LocalSettings, runs: (name: string) => boolean): Promise<Finding[]> {
  return Promise.all(applicationNames.map((name) => examine(name, settings, runs(name))));
}

async function examine(name: ApplicationName, settings: LocalSettings, isRunning: boolean): Promise<Finding> {
  const { title, port } = applications[name];
  const location = `http://127.0.0.1:${settings.ports[port]}`;
  if (!isRunning) return { name: title, condition: 'idle', location, detail: 'not running', remedy: 'npm start' };
  const begun = performance.now();
  try {
    const response = await fetch(`${location}/readyz`, { signal: AbortSignal.timeout(questionTimeout) });
    const latencyMilliseconds = Math.round(performance.now() - begun);
    const readiness = readinessSchema.safeParse(await response.json());
    if (response.ok && (!readiness.success || readiness.data.status === 'ready')) return { name: title, condition: 'ok', location, latencyMilliseconds, detail: 'ready' };
    const missing = readiness.success ? readiness.data.dependencies.filter((dependency) => !dependency.ok) : [];
    const detail = missing.map((dependency) => `${dependency.name}: ${dependency.detail ?? 'does not answer'}`).join('; ');
    const remedy = missing.flatMap((dependency) => dependency.remedy ?? []).join('; ');
    if (response.ok) return { name: title, condition: 'ok', location, latencyMilliseconds, detail: `ready without ${detail}`, remedy };
    return {
      name: title, condition: 'broken', location, latencyMilliseconds,
      detail: detail === '' ? `not ready (status ${response.status})` : detail,
      remedy: remedy === '' ? `read ${name}.log in the state folder's logs` : remedy,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: title, condition: 'broken', location, detail: `does not answer: ${reason}`, remedy: `read ${name}.log in the state folder's logs` };
  }
}
