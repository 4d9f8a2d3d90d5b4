import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const rotateAboveBytes = 20 * 1024 * 1024;
const tailBytes = 16 * 1024;

/**
 * Opens a service's log for appending and returns its descriptor. Children write to the file itself, not to a
 * pipe of ours, so that they outlive a killed supervisor unharmed. One earlier file is kept as `.1`.
 */
export function openServiceLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > rotateAboveBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/** The last lines of a log, as far as they were written after `fromByte`. */
export function lastLogLines(file: string, count: number, fromByte = 0): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(Math.min(fromByte, size), size - tailBytes);
    const buffer = Buffer.alloc(size - start);
    readSync(descriptor, buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8').split('\n').filter((line) => line.trim() !== '');
    return lines.slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

/** The message of a structured (JSON) log line, for a person; any other line as it is. */
export function readableLine(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown };
    return typeof msg === 'string' ? msg.replaceAll('\n', '\n      ') : line;
  } catch {
    return line;
  }
}
