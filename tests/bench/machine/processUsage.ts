import { readdir, readFile } from 'node:fs/promises';

/** What a process and all its descendants have used and hold. */
export interface ProcessUsage {
  /** Seconds of processor time since they began, ended children included. */
  readonly cpuSeconds: number;
  /** Resident memory; pages that several share count once for each. */
  readonly residentMegabytes: number;
}

interface ProcessRecord {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

const ticksPerSecond = 100;
const bytesPerPage = 4096;

/** Linux only: reads /proc once for all that are asked for. */
export async function usageOf<Name extends string>(roots: Readonly<Record<Name, number>>): Promise<Record<Name, ProcessUsage>> {
  const records = await readProcesses();
  const usages = Object.entries<number>(roots).map(([name, root]) => {
    const family = descendantsOf(root, records);
    const cpuSeconds = family.reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;
    const residentMegabytes = family.reduce((sum, { pages }) => sum + pages * bytesPerPage, 0) / 1024 ** 2;
    return [name, { cpuSeconds, residentMegabytes }] as const;
  });
  return Object.fromEntries(usages) as Record<Name, ProcessUsage>;
}

function descendantsOf(root: number, records: readonly ProcessRecord[]): ProcessRecord[] {
  const family = new Set([root]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const { pid, parent } of records) if (family.has(parent)) family.add(pid);
  }
  return records.filter(({ pid }) => family.has(pid));
}

async function readProcesses(): Promise<ProcessRecord[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const records = await Promise.all(names.map((name) => readProcess(Number(name)).catch(() => undefined)));
  return records.filter((record) => record !== undefined);
}

/** Fields by proc_pid_stat(5); the name before them may hold spaces and brackets. */
async function readProcess(pid: number): Promise<ProcessRecord> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  const [parent = 0, user = 0, system = 0, childrenUser = 0, childrenSystem = 0, pages = 0] = [1, 11, 12, 13, 14, 21].map((place) => fields[place]);
  return { pid, parent, ticks: user + system + childrenUser + childrenSystem, pages };
}
