import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { commandOf } from './processIdentity.ts';

export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

const listening = '0A';

/** The socket inodes that listen on `port`, out of the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [localAddress, state, inode] = [fields[1], fields[3], fields[9]];
    if (localAddress?.endsWith(`:${wanted}`) && state === listening && inode !== undefined) inodes.push(inode);
  }
  return inodes;
}

/** The process that listens on a port of this machine; undefined where the system does not tell (other user, no /proc). */
export function findPortHolder(port: number): PortHolder | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    const table = attempt(() => readFileSync(file, 'utf8'));
    return table === undefined ? [] : listeningInodes(table, port);
  });
  if (inodes.length === 0) return undefined;
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pids = (attempt(() => readdirSync('/proc')) ?? []).filter((entry) => /^\d+$/.test(entry));
  const pid = pids.find((candidate) => {
    const descriptors = attempt(() => readdirSync(`/proc/${candidate}/fd`)) ?? [];
    return descriptors.some((descriptor) => links.has(attempt(() => readlinkSync(`/proc/${candidate}/fd/${descriptor}`)) ?? ''));
  });
  return pid === undefined ? undefined : { pid: Number(pid), command: commandOf(Number(pid)) ?? 'unknown command' };
}

/** Processes end while they are being looked at, and some belong to others: both mean "not to be seen". */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
