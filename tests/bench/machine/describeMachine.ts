import { cpus, loadavg } from 'node:os';

export interface Machine {
  readonly date: string;
  readonly machine: string;
  /** Processes that wanted to run in the last minute before: above 1, something else was busy. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const [loadBefore = Number.NaN] = loadavg();
  return { date: new Date().toISOString(), machine: `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}, load before ${loadBefore.toFixed(2)}`, loadBefore };
}
