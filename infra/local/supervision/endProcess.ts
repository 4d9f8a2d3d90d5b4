import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './processIdentity.ts';

/** Sends a signal; false where the process is gone already. `group` reaches its children too. */
export function sendSignal(pid: number, signal: NodeJS.Signals, group = false): boolean {
  try {
    process.kill(group ? -pid : pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Asks a process to end and waits; past the deadline it is killed with its group.
 * @returns whether it ended by itself within the deadline.
 */
export async function endProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  deadlineMilliseconds: number,
): Promise<boolean> {
  if (!isAlive(identity)) return true;
  sendSignal(identity.pid, signal);
  if (await hasEnded(identity, deadlineMilliseconds)) return true;
  sendSignal(identity.pid, 'SIGKILL', true);
  sendSignal(identity.pid, 'SIGKILL');
  await hasEnded(identity, 5_000);
  return false;
}

async function hasEnded(identity: ProcessIdentity, withinMilliseconds: number): Promise<boolean> {
  const until = Date.now() + withinMilliseconds;
  while (isAlive(identity)) {
    if (Date.now() >= until) return false;
    await sleep(50);
  }
  return true;
}
