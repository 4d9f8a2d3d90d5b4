import type { MessagePort } from 'node:worker_threads';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { LostPage } from '../../documents/parseTools.ts';
import type { ParsedFile, ParseHints } from '../../ports/documentParser.ts';
import type { PageClockParts } from './pageClock.ts';

/** What a parser thread is given. */
export interface ParseTask {
  readonly bytes: Uint8Array;
  readonly hints: ParseHints;
  readonly clock: PageClockParts;
  /** Pages that ended earlier tries. */
  readonly lostPages: readonly LostPage[];
  /** Where text recognition is asked for, if it is switched on. */
  readonly recogniser: { readonly port: MessagePort; readonly mostPages: number } | undefined;
}

export interface FailureAnswer {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What it answers: errors lose their class between threads, so they travel as data. */
export type ParseAnswer = ({ readonly parsed: ParsedFile } | FailureAnswer) & { /** Of the thread, for this document. */ readonly processorSeconds: number };

export function answerOf(thrown: unknown): FailureAnswer {
  const { code, message } = toCatalystError(thrown);
  return { code, message };
}

/** The document, or the error of the other thread as one of this. */
export function unwrap(answer: ParseAnswer): ParsedFile {
  if ('parsed' in answer) return answer.parsed;
  throw new CatalystError(answer.code, answer.message);
}
