import { toCatalystError } from '../../contracts/errors.ts';
import type { Embedder, TokenVectors } from '../../ports/embedder.ts';
import type { RateLimit, RateLimiter } from '../../ports/rateLimiter.ts';

/** What the limits of the embedding endpoint are counted under, in all processes. */
const key = 'provider:embedding';
/** A call is long; the slot is waited for by whoever asked, and given back as soon as it is done. */
const never = new AbortController().signal;

/**
 * The same embedder, kept within what its endpoint allows all processes together. Passages wait for a slot (THROTTLED when it takes long);
 * queries do not, since a search would not. Where the endpoint asks to wait, nobody begins before then.
 */
export function createLimitedEmbedder(embedder: Embedder, limiter: RateLimiter, limits: Omit<RateLimit, 'key'>): Embedder {
  async function limited<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await limiter.run([{ key, ...limits }], never, call);
    } catch (thrown) {
      const { code, retryAfterMs } = toCatalystError(thrown);
      if (code === 'EMBEDDER_RATE_LIMITED' && retryAfterMs !== undefined) await limiter.pause(key, retryAfterMs);
      throw thrown;
    }
  }
  const { tokenVectors } = embedder;
  return {
    contract: embedder.contract,
    embedPassages: (texts, onProgress, onProcessorTime) => limited(() => embedder.embedPassages(texts, onProgress, onProcessorTime)),
    ...(tokenVectors === undefined ? {} : { tokenVectors: { ...tokenVectors, embedPassages: (...call: Parameters<TokenVectors['embedPassages']>) => limited(() => tokenVectors.embedPassages(...call)) } }),
    embedQuery: (...query) => embedder.embedQuery(...query),
    close: () => embedder.close(),
  };
}
