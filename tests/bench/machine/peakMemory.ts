import { readFileSync, writeFileSync } from 'node:fs';

/** Resident memory of a process in MB, as Linux knows it: now (`VmRSS`), or at its highest since the peak was set back (`VmHWM`). */
export function memoryOf(pid: number | 'self', field: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes ?? Number.NaN) / 1024);
}

/** Sets the peak back to what is in use. */
export function resetPeak(pid: number | 'self'): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
