import { spawn } from 'node:child_process';
import { CatalystError } from '../../contracts/errors.ts';

/** What the shell's own programs answer when the one they should run is not there. */
const notFound = 127;
const longestOutput = 64 * 1024 * 1024;

function failed(program: string, detail: string, cause?: unknown): CatalystError {
  return new CatalystError('INTERNAL', `The program for text recognition (${program}) failed: ${detail}`, { cause });
}

/**
 * What a program prints, given its input. The program is run on one processor: on pages it is faster so than sharing the work.
 * Throws PARSE_LIMIT_EXCEEDED when it is aborted, INTERNAL when it cannot be run or fails.
 */
export function runProgram(program: string, options: readonly string[], input: Uint8Array | undefined, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new CatalystError('PARSE_LIMIT_EXCEEDED', 'Text recognition took longer than allowed.'));
      return;
    }
    const child = spawn('env', ['OMP_THREAD_LIMIT=1', program, ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
    const printed: Buffer[] = [];
    let length = 0;
    let complaint = '';
    const abort = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (piece: Buffer) => {
      printed.push(piece);
      length += piece.length;
      if (length > longestOutput) child.kill('SIGKILL');
    });
    child.stderr.on('data', (piece: Buffer) => { complaint = (complaint + piece.toString()).slice(-2000); });
    // A program that ends before it has read everything says why itself.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => { reject(failed(program, cause.message, cause)); });
    child.on('close', (code) => {
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(new CatalystError('PARSE_LIMIT_EXCEEDED', 'Text recognition took longer than allowed.'));
      else if (code === 0) resolve(Buffer.concat(printed).toString('utf8'));
      else reject(failed(program, code === notFound ? 'it is not installed.' : complaint.trim() || `it ended with ${String(code)}.`));
    });
    child.stdin.end(input ?? new Uint8Array());
  });
}
