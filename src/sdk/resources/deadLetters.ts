import { deadLettersPageSchema, deadLetterSummarySchema, replayAnswerSchema } from '../../contracts/deadLetters.ts';
import type { DeadLetter, DeadLetterSelection, DeadLetterSummary, ReplayAnswer } from '../../contracts/deadLetters.ts';
import type { CallOptions, Calls, PageOptions } from '../calls.ts';

/** Documents that failed for good. */
export class DeadLettersResource {
  private readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  list(options: PageOptions & { readonly code?: string | undefined; readonly jobId?: string | undefined } = {}): AsyncGenerator<DeadLetter, void, undefined> {
    return this.calls.list('/v1/dead-letters', { code: options.code, jobId: options.jobId }, deadLettersPageSchema, ({ deadLetters }) => deadLetters, options);
  }

  /** Failures by kind, most frequent first. */
  summary(options: CallOptions = {}): Promise<DeadLetterSummary> {
    return this.calls.get('/v1/dead-letters/summary', deadLetterSummarySchema, options);
  }

  /** All unless told which; in their own jobs. */
  replay(which: DeadLetterSelection = {}, options: CallOptions = {}): Promise<ReplayAnswer> {
    return this.calls.send('POST', '/v1/dead-letters/replay', which, replayAnswerSchema, options, 'byKey');
  }
}
