import { CatalystError } from '../../contracts/errors.ts';
import type { RateLimiter } from '../../ports/rateLimiter.ts';
import { createFirecrawlClient, type FirecrawlAccess, type FirecrawlAnswer, type FirecrawlRequest } from './firecrawlClient.ts';
import { createFirecrawlGate, type FirecrawlCall, type FirecrawlLimits } from './firecrawlLimits.ts';

export interface FirecrawlConnectionOptions extends FirecrawlAccess {
  readonly limiter?: RateLimiter | undefined;
  /** Of the account; without a limiter they are not kept. */
  readonly limits?: FirecrawlLimits | undefined;
}

export interface CallTiming {
  /** Of the call itself: waiting for a turn is not Firecrawl's time. */
  readonly timeoutMs: number;
  /** What it means that the time is up; FETCHER_UNAVAILABLE when absent. */
  readonly late?: () => CatalystError;
}

/**
 * Calls to Firecrawl within the limits of the account, each with an end.
 * Throws FETCHER_UNAVAILABLE, FETCHER_REJECTED, THROTTLED, CANCELLED; a refusal is an answer.
 */
export interface FirecrawlConnection {
  call(kind: FirecrawlCall, request: Omit<FirecrawlRequest, 'signal'>, signal: AbortSignal, timing?: CallTiming): Promise<FirecrawlAnswer>;
  close(): Promise<void>;
}

const usual: CallTiming = { timeoutMs: 60_000 };

export function connectToFirecrawl(options: FirecrawlConnectionOptions, maximumBytes: number): FirecrawlConnection {
  const client = createFirecrawlClient(options, maximumBytes);
  const gate = createFirecrawlGate(options.limiter, options.limits ?? {});
  return {
    async call(kind, request, signal, { timeoutMs, late } = usual) {
      const cancelled = (): CatalystError => new CatalystError('CANCELLED', `Asking Firecrawl (${request.method} ${request.path}) was cancelled.`, { cause: signal.reason });
      if (signal.aborted) throw cancelled();
      try {
        return await gate.run(kind, signal, async () => {
          const ending = new AbortController();
          const onAbort = (): void => ending.abort(cancelled());
          const timer = setTimeout(() => ending.abort(late?.() ?? tooLate(request, timeoutMs)), timeoutMs);
          signal.addEventListener('abort', onAbort, { once: true });
          try {
            return await client.send({ ...request, signal: ending.signal });
          } finally {
            clearTimeout(timer);
            signal.removeEventListener('abort', onAbort);
          }
        });
      } catch (error) {
        if (error instanceof CatalystError) throw error;
        // A limiter gives up with the reason of the signal.
        if (signal.aborted) throw cancelled();
        throw error;
      }
    },
    close: () => client.close(),
  };
}

function tooLate({ method, path }: Omit<FirecrawlRequest, 'signal'>, timeoutMs: number): CatalystError {
  return new CatalystError('FETCHER_UNAVAILABLE', `Firecrawl does not answer within ${timeoutMs} ms (${method} ${path.split('?', 1)[0]}).`);
}
