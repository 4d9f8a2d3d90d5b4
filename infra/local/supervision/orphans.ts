import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, sendSignal } from './endProcess.ts';
import { isAlive } from './processIdentity.ts';
import { readProcessFile, removeProcessFile } from './processFile.ts';

const endWithinMilliseconds = 15_000;

/**
 * Ends what an earlier, killed supervisor of the same state folder left running, and removes its process files.
 * A pid that the system has given to another process since is left alone. Call while holding the stack's lock.
 * @returns the names of the services that had to be ended.
 */
export async function endOrphans(stateDirectory: string): Promise<string[]> {
  const directory = join(stateDirectory, 'run');
  const names = listNames(directory);
  const ended = await Promise.all(
    names.map(async (name) => {
      const file = join(directory, `${name}.json`);
      const record = readProcessFile(file);
      const alive = record !== undefined && isAlive(record);
      // Postgres takes SIGTERM as "wait for every client to leave"; SIGINT means "end now, cleanly" to all services.
      if (alive) await endProcess(record, 'SIGINT', endWithinMilliseconds);
      removeProcessFile(file);
      return alive ? [name] : [];
    }),
  );
  return ended.flat();
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((entry) => entry.endsWith('.json'))
      .map((entry) => entry.slice(0, -'.json'.length));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The names of recorded services that live. Without a living supervisor they are orphans. */
export function listOrphans(stateDirectory: string): string[] {
  const directory = join(stateDirectory, 'run');
  return listNames(directory).filter((name) => {
    const record = readProcessFile(join(directory, `${name}.json`));
    return record !== undefined && isAlive(record);
  });
}

/** Kills every recorded process at once, without waiting: the last resort of an impatient user. */
export function killRecorded(stateDirectory: string): void {
  const directory = join(stateDirectory, 'run');
  for (const name of listNames(directory)) {
    const record = readProcessFile(join(directory, `${name}.json`));
    if (record !== undefined && isAlive(record)) sendSignal(record.pid, 'SIGKILL', true);
  }
}
