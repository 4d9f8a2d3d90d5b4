import type { CliContext } from '../../src/cli/cliContext.ts';

export interface CapturedContext extends CliContext {
  readonly out: () => string;
  readonly error: () => string;
}

export interface CapturedOptions {
  readonly environment?: Record<string, string>;
  readonly workingDirectory?: string;
  readonly signal?: AbortSignal;
  readonly terminal?: boolean;
  /** Called with everything that is written to stderr. */
  readonly onError?: (text: string) => void;
}

/** A command's surroundings, with what it writes kept. */
export function capturedContext(options: CapturedOptions = {}): CapturedContext {
  const out: string[] = [];
  const error: string[] = [];
  return {
    environment: options.environment ?? {},
    workingDirectory: options.workingDirectory ?? import.meta.dirname,
    signal: options.signal ?? new AbortController().signal,
    stdout: { write: (text) => out.push(textOf(text)), isTTY: options.terminal, columns: 100 },
    stderr: {
      write: (text) => {
        error.push(textOf(text));
        options.onError?.(textOf(text));
      },
      isTTY: options.terminal,
      columns: 100,
    },
    out: () => out.join(''),
    error: () => error.join(''),
  };
}

function textOf(written: string | Uint8Array): string {
  return typeof written === 'string' ? written : Buffer.from(written).toString('utf8');
}
