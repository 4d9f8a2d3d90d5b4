import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { identifyProcess, isAlive } from './processIdentity.ts';

const holderSchema = z.object({ pid: z.number(), started: z.string(), folder: z.string() });

/** Who holds a lock: a living process, and the folder it works in. */
export type LockHolder = z.infer<typeof holderSchema>;

export interface Lock {
  release(): void;
}

/**
 * Takes a lock file, or tells who holds it. A lock whose holder is dead is broken.
 * The file appears whole, by a hard link, so that no one ever reads half a holder.
 */
export function tryLock(file: string, folder: string): Lock | LockHolder {
  const identity = identifyProcess(process.pid);
  const mine: LockHolder = { pid: process.pid, started: identity?.started ?? '', folder };
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(own, JSON.stringify(mine));
  try {
    for (;;) {
      if (linked(own, file)) return { release: () => rmSync(file, { force: true }) };
      const holder = readHolder(file);
      if (holder !== undefined && isAlive(holder)) return holder;
      breakStale(file, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

export function isLock(result: Lock | LockHolder): result is Lock {
  return 'release' in result;
}

/** The living holder of a lock file, if there is one. */
export function lockHolder(file: string): LockHolder | undefined {
  const holder = readHolder(file);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** Moves the dead holder's file aside; if another process was quicker and it is that one's lock, it is put back. */
function breakStale(file: string, expected: LockHolder | undefined): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const moved = readHolder(aside);
  const anothersLock = moved !== undefined && (moved.pid !== expected?.pid || moved.started !== expected.started);
  if (anothersLock) linked(aside, file);
  rmSync(aside, { force: true });
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
