import { spawn } from 'node:child_process';
import { LocalStackError } from '../localStackError.ts';

export interface CommandOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly runAs?: { readonly userId: number; readonly groupId: number };
  /** What the user can do when the command fails or is not there. */
  readonly remedy: string;
  readonly timeoutMilliseconds: number;
  /** Interrupts the program. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end and returns what it wrote to standard output.
 * @throws LocalStackError with the end of its output when it fails, is missing, or takes too long.
 */
export async function runCommand(command: string, parameters: readonly string[], options: CommandOptions): Promise<string> {
  const child = spawn(command, parameters, {
    env: options.environment,
    cwd: options.workingDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMilliseconds,
    killSignal: 'SIGINT',
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.runAs === undefined ? {} : { uid: options.runAs.userId, gid: options.runAs.groupId }),
  });
  const output: string[] = [];
  const everything: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.push(text);
    everything.push(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => everything.push(text));
  const result = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      // An interrupted program is still ending: 'close' follows, and until then it may write its files.
      if (child.pid === undefined) resolve(error.code === 'ENOENT' ? 'is not installed' : `cannot be run: ${error.message}`);
    });
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `failed (${signal ?? `exit code ${String(code)}`})`));
  });
  if (result === undefined) return output.join('');
  const lines = everything.join('').split('\n').filter((line) => line.trim() !== '').slice(-8);
  const tail = lines.length === 0 ? '' : ` Its last lines:\n    ${lines.join('\n    ')}`;
  throw new LocalStackError(`${command} ${result}.${tail}`, options.remedy);
}
