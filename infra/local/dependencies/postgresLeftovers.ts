import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { endProcess } from '../supervision/endProcess.ts';
import { identifyProcess } from '../supervision/processIdentity.ts';

/**
 * Clears the way for a start after a crash. A killed postmaster leaves `postmaster.pid` behind, whose pid may
 * belong to another program by now, and its children hold the shared memory for a moment longer; an orphaned
 * postmaster still runs. All of them work in the data folder, which is how they are told from strangers.
 */
export async function clearPostgresLeftovers(dataFolder: string): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  const postmaster = readPid(pidFile);
  if (process.platform !== 'linux') return;
  if (postmaster !== undefined && worksIn(postmaster, dataFolder)) await end(postmaster, 15_000);
  await Promise.all(postgresProcessesIn(dataFolder).map((pid) => end(pid, 3_000)));
  rmSync(pidFile, { force: true });
}

async function end(pid: number, withinMilliseconds: number): Promise<void> {
  const identity = identifyProcess(pid);
  if (identity !== undefined) await endProcess(identity, 'SIGINT', withinMilliseconds);
}

function postgresProcessesIn(folder: string): number[] {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return pids.map(Number).filter((pid) => worksIn(pid, folder));
}

function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder && basename(readlinkSync(`/proc/${pid}/exe`)) === 'postgres';
  } catch {
    // Ended meanwhile, or another user's: not ours.
    return false;
  }
}

/** The first line of `postmaster.pid`. */
function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
