import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ProcessRateLimiter } from '../../../../src/adapters/shared/processRateLimiter.ts';

const never = new AbortController().signal;

/** Runs so many pieces of work at once under the limits and tells when each began and how many ran together. */
async function runMany(limiter: ProcessRateLimiter, count: number, limits: Parameters<ProcessRateLimiter['run']>[0], workMs: number) {
  const started = performance.now();
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: count }, () =>
      limiter.run(limits, never, async () => {
        begun.push(performance.now() - started);
        most = Math.max(most, (running += 1));
        await delay(workMs);
        running -= 1;
      }),
    ),
  );
  return { begun, most };
}

test('never more at once than allowed, under any of the keys, and all have their turn', async () => {
  const limiter = new ProcessRateLimiter({ maximumWaitMs: 3_000 });
  const [tight, wide] = await Promise.all([runMany(limiter, 9, [{ key: 'a', concurrency: 2 }, { key: 'b' }], 20), runMany(limiter, 9, [{ key: 'c', concurrency: 5 }], 20)]);
  expect(tight).toMatchObject({ most: 2, begun: { length: 9 } });
  expect(wide.most).toBe(5);
});

test('a rate spreads the beginnings evenly', async () => {
  const { begun } = await runMany(new ProcessRateLimiter({ maximumWaitMs: 3_000 }), 4, [{ key: 'a', perMinute: 600 }], 0);
  const gaps = begun.slice(1).map((at, place) => at - begun[place]!);
  for (const gap of gaps) expect(gap).toBeGreaterThan(85);
});

test('after a pause nobody begins before its end; one who would wait too long is told how long', async () => {
  const limiter = new ProcessRateLimiter({ maximumWaitMs: 500 });
  await limiter.pause('host:a', 200);
  await limiter.pause('host:a', 50);
  const { begun } = await runMany(limiter, 2, [{ key: 'host:a', concurrency: 1 }], 0);
  expect(begun[0]).toBeGreaterThan(190);
  await limiter.pause('host:a', 60_000);
  const error: unknown = await limiter.run([{ key: 'host:a' }], never, () => Promise.resolve()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'THROTTLED' });
  expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(59_000);
  await expect(limiter.run([{ key: 'host:b' }], never, () => Promise.resolve('free'))).resolves.toBe('free');
});

test('who waits for slots too long is THROTTLED, who gives up leaves, and neither keeps a slot', async () => {
  const limiter = new ProcessRateLimiter({ maximumWaitMs: 100 });
  const held = limiter.run([{ key: 'a', concurrency: 1 }], never, () => delay(300));
  const abandoned = limiter.run([{ key: 'a', concurrency: 1 }], AbortSignal.timeout(20), () => Promise.resolve());
  const late = limiter.run([{ key: 'a', concurrency: 1 }], never, () => Promise.resolve());
  await expect(abandoned).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(late).rejects.toMatchObject({ code: 'THROTTLED', retryAfterMs: 1_000 });
  await held;
  await expect(limiter.run([{ key: 'a', concurrency: 1 }], never, () => Promise.reject(new RangeError('work')))).rejects.toThrow(RangeError);
  await expect(limiter.run([{ key: 'a', concurrency: 1 }], never, () => Promise.resolve('next'))).resolves.toBe('next');
});
