import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ParsedFile, ParseHints } from '../../ports/documentParser.ts';

/** What a parser thread is given. */
export interface ParseTask {
  readonly bytes: Uint8Array;
  readonly hints: ParseHints;
}

/** What it answers: errors lose their class between threads, so they travel as data. */
export type ParseAnswer = { readonly parsed: ParsedFile } | { readonly code: ErrorCode; readonly message: string };

export function answerOf(thrown: unknown): ParseAnswer {
  const { code, message } = toCatalystError(thrown);
  return { code, message };
}

/** The document, or the error of the other thread as one of this. */
export function unwrap(answer: ParseAnswer): ParsedFile {
  if ('parsed' in answer) return answer.parsed;
  throw new CatalystError(answer.code, answer.message);
}
