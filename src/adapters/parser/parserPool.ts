import { Piscina } from 'piscina';
import { CatalystError } from '../../contracts/errors.ts';
import type { DocumentParser } from '../../ports/documentParser.ts';
import { MemoryGuard } from './memoryGuard.ts';
import { unwrap } from './message.ts';
import type { ParseAnswer, ParseTask } from './message.ts';
import { Turnstile } from './turnstile.ts';

export interface ParserPoolOptions {
  /** Documents parsed at the same time, each in a thread of its own. */
  readonly threads: number;
  /** Longest time for one document, counted from when its thread takes it up. */
  readonly timeoutSeconds: number;
  /** Memory of one thread: heap and buffers together. */
  readonly memoryMegabytes: number;
}

/** The guard ends a thread at the limit; the engine, whose way of ending may take the process along, comes in only far above it. */
const engineLimitFactor = 2;

function translated(thrown: unknown, signal: AbortSignal, { timeoutSeconds, memoryMegabytes }: ParserPoolOptions): unknown {
  if (!(thrown instanceof Error)) return thrown;
  if (thrown.message === 'Terminating worker thread' || (thrown.name === 'AbortError' && !signal.aborted)) return new CatalystError('SHUTTING_DOWN', 'The parser was closed before the document was parsed.', { cause: thrown });
  if (thrown.name === 'AbortError') return new CatalystError('PARSE_LIMIT_EXCEEDED', `Parsing took longer than the ${timeoutSeconds} seconds allowed.`, { cause: thrown });
  const code = 'code' in thrown ? thrown.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || thrown.message.startsWith('worker exited')) {
    return new CatalystError('PARSE_LIMIT_EXCEEDED', `Parsing needed more than the ${memoryMegabytes} MB of memory allowed.`, { cause: thrown });
  }
  return new CatalystError('INTERNAL', `A parser thread failed: ${thrown.message}`, { cause: thrown });
}

/** Parses in threads, so that a hostile or huge document costs its own thread at the most. */
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
  return {
    async parse(bytes, hints) {
      // Waiting here, not in the queue of the pool, keeps waiting out of the time limit.
      await turnstile.enter();
      guard.begin();
      const signal = AbortSignal.timeout(options.timeoutSeconds * 1000);
      try {
        return unwrap(await pool.run({ bytes, hints }, { signal }).catch((thrown: unknown) => {
          throw translated(thrown, signal, options);
        }));
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
