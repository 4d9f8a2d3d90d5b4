import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Who a process is. A pid alone is recycled by the system; together with the moment the process began
 * it is never given twice, so nothing is killed or believed alive by mistake.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; compare for equality only. */
  readonly started: string;
}

/** Field 22 of `/proc/PID/stat`, counted after the command, which may itself hold spaces and brackets. */
export function startTimeFromStat(stat: string): { startTime: string; state: string } | undefined {
  const afterCommand = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [afterCommand[0], afterCommand[19]];
  return state === undefined || startTime === undefined ? undefined : { state, startTime };
}

/** The identity of a living process; undefined where there is none, or only a zombie waiting to be reaped. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  if (process.platform === 'linux') {
    const stat = readOrUndefined(`/proc/${pid}/stat`);
    const parsed = stat === undefined ? undefined : startTimeFromStat(stat);
    if (parsed === undefined || parsed.state === 'Z' || parsed.state === 'X') return undefined;
    const boot = readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
    return { pid, started: `${boot}:${parsed.startTime}` };
  }
  const listing = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const started = listing.status === 0 ? listing.stdout.trim() : '';
  return started === '' ? undefined : { pid, started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.started === identity.started;
}

/** The command line of a process, for messages; undefined where the system does not tell. */
export function commandOf(pid: number): string | undefined {
  const raw = readOrUndefined(`/proc/${pid}/cmdline`);
  const command = raw?.replaceAll('\0', ' ').trim();
  return command === undefined || command === '' ? undefined : command;
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
