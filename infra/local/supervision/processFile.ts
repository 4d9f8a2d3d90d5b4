import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';

const recordSchema = z.object({ pid: z.number().int().positive(), started: z.string(), command: z.string() });

/** What stands in `run/NAME.json` while a service runs: enough to find, and to end, exactly that process. */
export type ProcessRecord = z.infer<typeof recordSchema>;

export function processFile(stateDirectory: string, name: string): string {
  return join(stateDirectory, 'run', `${name}.json`);
}

/** The record of a process file; undefined where there is none or it was cut off while being written. */
export function readProcessFile(file: string): ProcessRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Synchronous on purpose: the window between a spawn and its record is where an orphan could get lost. */
export function writeProcessFile(file: string, record: ProcessRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.partial`, `${JSON.stringify(record)}\n`);
  renameSync(`${file}.partial`, file);
}

export function removeProcessFile(file: string): void {
  rmSync(file, { force: true });
}
