import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLimitedEmbedder } from '../../../../src/adapters/embedding/limitedEmbedder.ts';
import { createStubEmbedder } from '../../../../src/adapters/embedding/stubEmbedder.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import { createInMemoryRateLimiter } from '../../../support/inMemoryRateLimiter.ts';

function slowEmbedder() {
  const embedder = createStubEmbedder({ dimension: 4 });
  const seen = { atOnce: 0, most: 0, calls: 0 };
  return {
    seen,
    embedder: {
      ...embedder,
      async embedPassages(texts: readonly string[]) {
        seen.calls += 1;
        seen.most = Math.max(seen.most, (seen.atOnce += 1));
        await sleep(20);
        seen.atOnce -= 1;
        return embedder.embedPassages(texts);
      },
    },
  };
}

describe('embedder within the limits of its endpoint', () => {
  it('never asks more at once than all processes may together', async () => {
    const { embedder, seen } = slowEmbedder();
    const limiter = createInMemoryRateLimiter();
    const one = createLimitedEmbedder(embedder, limiter, { concurrency: 2 });
    const other = createLimitedEmbedder(embedder, limiter, { concurrency: 2 });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, number) => (number % 2 === 0 ? one : other).embedPassages([`text ${number}`])));
    expect(seen).toMatchObject({ most: 2, calls: 12 });
    expect(answers.every((vectors) => vectors.length === 1)).toBe(true);
  });

  it('lets nobody begin before the time that the endpoint names', async () => {
    const limiter = createInMemoryRateLimiter();
    const refusing = { ...createStubEmbedder({ dimension: 4 }), embedPassages: () => Promise.reject(new CatalystError('EMBEDDER_RATE_LIMITED', 'slow down', { retryAfterMs: 400 })) };
    await expect(createLimitedEmbedder(refusing, limiter, { concurrency: 2 }).embedPassages(['a'])).rejects.toMatchObject({ code: 'EMBEDDER_RATE_LIMITED' });
    const { embedder } = slowEmbedder();
    const before = performance.now();
    const later = createLimitedEmbedder(embedder, limiter, { concurrency: 2 });
    await later.embedPassages(['b']).catch((thrown: unknown) => expect(thrown).toMatchObject({ code: 'THROTTLED' }));
    await later.embedQuery('a query does not wait');
    expect(performance.now() - before).toBeGreaterThan(300);
  });
});
