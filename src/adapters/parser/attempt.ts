import { MessageChannel } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { CatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { LostPage } from '../../documents/parseTools.ts';
import type { ParsedFile } from '../../ports/documentParser.ts';
import { unwrap } from './message.ts';
import type { ParseAnswer, ParseTask } from './message.ts';
import { PageClock } from './pageClock.ts';
import type { ParserPoolOptions } from './parserPoolOptions.ts';
import { serveRecogniser } from './recogniserChannel.ts';

const pageCheckMs = 100;

/** Time of a document that recognition may take: what remains is for reading, so that a slow program costs pages, not the document. */
export const recognitionShare = 0.7;

interface Signals {
  /** The time of the document is up. */
  readonly document: AbortSignal;
  /** The time of recognition is up. */
  readonly recognition: AbortSignal;
}

/** A page that ended its thread, by time or by memory. */
export class PageFailure extends Error {
  readonly lostPage: LostPage;

  constructor(page: number, problem: string, cause: unknown) {
    super(problem, { cause });
    this.lostPage = { page, failure: toFailure(new CatalystError('PARSE_LIMIT_EXCEEDED', `Page ${page} ${problem} and was left out.`)) };
  }
}

function translated(thrown: unknown, page: { readonly overdue: number | undefined; readonly open: number | undefined }, { document }: Signals, options: ParserPoolOptions): unknown {
  if (!(thrown instanceof Error)) return thrown;
  if (thrown.message === 'Terminating worker thread') return new CatalystError('SHUTTING_DOWN', 'The parser was closed before the document was parsed.', { cause: thrown });
  if (thrown.name === 'AbortError') {
    if (document.aborted) return new CatalystError('PARSE_LIMIT_EXCEEDED', `Parsing took longer than the ${options.timeoutSeconds} seconds allowed.`, { cause: thrown });
    if (page.overdue !== undefined) return new PageFailure(page.overdue, `took longer than the ${options.pageTimeoutSeconds} seconds allowed for a page`, thrown);
    return new CatalystError('SHUTTING_DOWN', 'The parser was closed before the document was parsed.', { cause: thrown });
  }
  const code = 'code' in thrown ? thrown.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || thrown.message.startsWith('worker exited')) {
    if (page.open !== undefined) return new PageFailure(page.open, `needed more than the ${options.memoryMegabytes} MB of memory allowed`, thrown);
    return new CatalystError('PARSE_LIMIT_EXCEEDED', `Parsing needed more than the ${options.memoryMegabytes} MB of memory allowed.`, { cause: thrown });
  }
  return new CatalystError('INTERNAL', `A parser thread failed: ${thrown.message}`, { cause: thrown });
}

/** One try at a document, without the pages that ended earlier ones. Throws PageFailure when one more page ends its thread. */
export async function attempt(pool: Piscina<ParseTask, ParseAnswer>, options: ParserPoolOptions, task: Pick<ParseTask, 'bytes' | 'hints' | 'lostPages'>, signals: Signals, onProcessorTime?: (seconds: number) => void): Promise<ParsedFile> {
  const clock = new PageClock();
  const hung = new AbortController();
  let overdue: number | undefined;
  const watch = setInterval(() => {
    overdue = clock.overdue(options.pageTimeoutSeconds * 1000);
    if (overdue !== undefined) hung.abort();
  }, pageCheckMs).unref();
  const channel = options.recogniser === undefined ? undefined : new MessageChannel();
  if (options.recogniser !== undefined && channel !== undefined) serveRecogniser(channel.port1, options.recogniser, signals.recognition);
  const recogniser = options.recogniser === undefined || channel === undefined ? undefined : { port: channel.port2, mostPages: options.recogniser.mostPages };
  try {
    const answer = await pool.run({ ...task, clock: clock.parts, recogniser }, { signal: AbortSignal.any([signals.document, hung.signal]), transferList: channel === undefined ? [] : [channel.port2] }).catch((thrown: unknown) => {
      throw translated(thrown, { overdue, open: clock.page }, signals, options);
    });
    onProcessorTime?.(answer.processorSeconds);
    return unwrap(answer);
  } finally {
    clearInterval(watch);
    channel?.port1.close();
  }
}
