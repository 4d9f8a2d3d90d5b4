import { Piscina } from 'piscina';
import { CatalystError } from '../../contracts/errors.ts';
import type { LostPage } from '../../documents/parseTools.ts';
import type { DocumentParser, ParsedFile, ParseHints } from '../../ports/documentParser.ts';
import { attempt, PageFailure, recognitionShare } from './attempt.ts';
import { MemoryGuard } from './memoryGuard.ts';
import type { ParseAnswer, ParseTask } from './message.ts';
import type { ParserPoolOptions } from './parserPoolOptions.ts';
import { Turnstile } from './turnstile.ts';

/** The guard ends a thread at the limit; the engine, whose way of ending may take the process along, comes in only far above it. */
const engineLimitFactor = 2;
/** Every such page means reading the document again from its start. */
const mostFatalPages = 3;

/** Parses in threads, so that a hostile or huge document costs its own thread at the most, and a hostile page itself. */
export function createParserPool(options: ParserPoolOptions): DocumentParser {
  const pool = new Piscina<ParseTask, ParseAnswer>({
    filename: new URL('./parserThread.ts', import.meta.url).href,
    name: 'parse',
    minThreads: 0,
    maxThreads: options.threads,
    idleTimeout: 60_000,
    // Waiting for messages asynchronously leaves the thread open to be measured and ended.
    atomics: 'disabled',
    resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes * engineLimitFactor },
  });
  // A thread that fails between two documents harms none: the pool starts another. Without a listener it would end the process.
  pool.on('error', () => undefined);
  const turnstile = new Turnstile(options.threads);
  const guard = new MemoryGuard(() => pool.threads, options.memoryMegabytes);

  async function parse(bytes: Uint8Array, hints: ParseHints, onProcessorTime?: (seconds: number) => void): Promise<ParsedFile> {
    const timeoutMs = options.timeoutSeconds * 1000;
    const signals = { document: AbortSignal.timeout(timeoutMs), recognition: AbortSignal.timeout(timeoutMs * recognitionShare) };
    const lostPages: LostPage[] = [];
    for (;;) {
      try {
        return await attempt(pool, options, { bytes, hints, lostPages }, signals, onProcessorTime);
      } catch (thrown) {
        if (!(thrown instanceof PageFailure)) throw thrown;
        lostPages.push(thrown.lostPage);
        if (lostPages.length > mostFatalPages) throw new CatalystError('PARSE_LIMIT_EXCEEDED', `More than ${mostFatalPages} pages could not be read within the limits of time and memory.`, { cause: thrown });
      }
    }
  }

  return {
    settings: options.recogniser?.settings,
    places: options.threads,
    async parse(bytes, hints, onProcessorTime) {
      // Waiting here, not in the queue of the pool, keeps waiting out of the time limit.
      await turnstile.enter();
      guard.begin();
      try {
        return await parse(bytes, hints, onProcessorTime);
      } finally {
        guard.end();
        turnstile.leave();
      }
    },
    async close() {
      await pool.destroy();
    },
  };
}
