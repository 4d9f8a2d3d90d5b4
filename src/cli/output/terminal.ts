import type { CliContext, OutputStream } from '../cliContext.ts';

/** Colours where they are wanted: on a terminal, unless NO_COLOR is set (no-color.org), or by FORCE_COLOR. */
export function wantsColour(stream: OutputStream, environment: CliContext['environment']): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  if ((environment['FORCE_COLOR'] ?? '') !== '') return true;
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly coloured: boolean;
}

export function styleOf(stream: OutputStream, environment: CliContext['environment']): Style {
  const coloured = wantsColour(stream, environment);
  const wrap = (code: number, end: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[${end}m` : text);
  return { bold: wrap(1, 22), dim: wrap(2, 22), red: wrap(31, 39), green: wrap(32, 39), yellow: wrap(33, 39), coloured };
}

/** Text of documents and servers, without what could steer the terminal: control and bidirectional override characters. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** As printable, on one line. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ')).trim();
}

export function terminalWidth(stream: OutputStream): number {
  return Math.min(stream.columns ?? 100, 120);
}
