import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../../infra/local/supervision/ports.ts';
import type { Mutation } from './mutations.ts';

export interface MutatedApi {
  readonly url: string;
  stop(): Promise<void>;
}

const project = fileURLToPath(new URL('../../../', import.meta.url));

/** A second API process over the servers of the stack, with the defect in it. */
export async function startMutatedApi(environment: Readonly<Record<string, string>>, mutation: Mutation): Promise<MutatedApi> {
  const { api: port } = await freePorts();
  const url = `http://127.0.0.1:${port}`;
  const process_ = spawn(process.execPath, ['--import', new URL('loadMutated.ts', import.meta.url).href, `${project}src/api/main.ts`], {
    cwd: project,
    env: { ...environment, CATALYST_API_PORT: String(port), CATALYST_TEST_MUTATION: JSON.stringify(mutation) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  const stop = async (): Promise<void> => {
    if (process_.exitCode !== null) return;
    process_.kill('SIGTERM');
    await once(process_, 'exit');
  };
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (process_.exitCode !== null) throw new Error(`The API with a defect did not start: ${log.join('').slice(-2000)}`);
    const ready = await fetch(`${url}/startupz`).then((response) => response.ok).catch(() => false);
    if (ready) return { url, stop };
    await sleep(200);
  }
  await stop();
  throw new Error(`The API with a defect is not ready: ${log.join('').slice(-2000)}`);
}
