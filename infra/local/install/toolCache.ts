import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLock, tryLock } from '../supervision/lock.ts';

export type Log = (message: string) => void;

/** What accompanies an install: where it tells of itself, and what interrupts it. */
export interface InstallWatch {
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface CacheEntry {
  readonly cacheDirectory: string;
  /** Folder inside the cache; carries the version, so that another version is another entry. */
  readonly name: string;
  readonly watch: InstallWatch;
}

export function cachedFolder(cacheDirectory: string, name: string): string | undefined {
  const folder = join(cacheDirectory, name);
  return existsSync(folder) ? folder : undefined;
}

/**
 * The folder of a cache entry, built on first use. It is built beside its place and renamed, so that it is
 * there whole or not at all, and under a lock, so that two checkouts wait for one build.
 */
export async function installOnce(entry: CacheEntry, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(entry.cacheDirectory, entry.name);
  if (existsSync(folder)) return folder;
  const lock = await waitForLock(entry);
  try {
    if (existsSync(folder)) return folder;
    const partial = join(entry.cacheDirectory, `.partial-${entry.name.replaceAll('/', '-')}`);
    try {
      // A killed install of the same entry may have left its half; the lock says nobody works in it now.
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { recursive: true });
      await build(partial);
      await mkdir(dirname(folder), { recursive: true });
      await rename(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return folder;
  } finally {
    lock.release();
  }
}

async function waitForLock(entry: CacheEntry): Promise<{ release(): void }> {
  const file = join(entry.cacheDirectory, 'locks', `${entry.name.replaceAll('/', '-')}.lock`);
  let said = false;
  for (;;) {
    entry.watch.signal.throwIfAborted();
    const result = tryLock(file, entry.name);
    if (isLock(result)) return result;
    if (!said) entry.watch.log(`waiting for process ${result.pid}, which is installing ${entry.name} already`);
    said = true;
    await sleep(500);
  }
}
