import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CatalystError } from '../../../../../src/contracts/errors.ts';
import { createGuard } from '../../../../../src/retrieval/rerank/model/guard.ts';
import { BudgetSpent, CircuitOpen } from '../../../../../src/retrieval/rerank/model/guardFailures.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const answer = { scores: 1 };
const succeed = () => Promise.resolve(answer);
const failWith = (error: Error) => () => Promise.reject(error);
const down = new CatalystError('RERANKER_UNAVAILABLE', 'down');
const settings = { failures: 3, openMs: 1_000, longestOpenMs: 3_000 };

function watchedGuard() {
  const changes: [string, number][] = [];
  const guard = createGuard(settings, (state, openMs) => changes.push([state, openMs]));
  const failTimes = async (times: number, error: Error = down): Promise<void> => {
    for (let time = 0; time < times; time += 1) await expect(guard.run(100, failWith(error))).rejects.toBe(error);
  };
  return { guard, changes, failTimes };
}

describe('the time budget', () => {
  test('an answer in time is passed on, and leaves no timer', async () => {
    const { guard } = watchedGuard();
    expect(await guard.run(100, succeed)).toBe(answer);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a call beyond the time is given up: its signal aborts, and what it does later is of no effect', async () => {
    const { guard } = watchedGuard();
    const call = Promise.withResolvers<object>();
    const signals: AbortSignal[] = [];
    const run = guard.run(100, (signal) => {
      signals.push(signal);
      return call.promise;
    });
    const given = expect(run).rejects.toThrow(new BudgetSpent('The reranker did not answer within 100 ms.'));
    await vi.advanceTimersByTimeAsync(99);
    expect(signals[0]?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await given;
    expect(signals[0]?.reason).toBeInstanceOf(BudgetSpent);
    call.reject(down);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(guard.lastCall?.failure).toBeInstanceOf(BudgetSpent);
  });

  test('calls that are too slow open the circuit as failures do', async () => {
    const { guard, changes } = watchedGuard();
    for (let time = 0; time < 3; time += 1) {
      const given = expect(guard.run(100, () => new Promise<object>(() => undefined))).rejects.toBeInstanceOf(BudgetSpent);
      await vi.advanceTimersByTimeAsync(100);
      await given;
    }
    expect(changes).toEqual([['open', 1_000]]);
  });
});

describe('the circuit', () => {
  test('opens after failures in a row, not before; a success in between begins anew', async () => {
    const { guard, changes, failTimes } = watchedGuard();
    await failTimes(2);
    await guard.run(100, succeed);
    await failTimes(2);
    expect(changes).toEqual([]);
    await failTimes(1);
    expect(changes).toEqual([['open', 1_000]]);
  });

  test('while it is open nothing is called, and the failure names what opened it', async () => {
    const { guard, failTimes } = watchedGuard();
    await failTimes(3, new CatalystError('RERANKER_REJECTED', 'bad key'));
    const call = vi.fn(succeed);
    const refused = guard.run(100, call);
    await expect(refused).rejects.toBeInstanceOf(CircuitOpen);
    await expect(refused).rejects.toMatchObject({ code: 'RERANKER_REJECTED', message: 'The reranker is not asked for now. bad key' });
    expect(call).not.toHaveBeenCalled();
  });

  test('after its time one call tries while others are refused at once, and its success closes it', async () => {
    const { guard, changes, failTimes } = watchedGuard();
    await failTimes(3);
    vi.advanceTimersByTime(1_000);
    const trial = Promise.withResolvers<object>();
    const tried = guard.run(100, () => trial.promise);
    await expect(guard.run(100, succeed)).rejects.toBeInstanceOf(CircuitOpen);
    trial.resolve(answer);
    expect(await tried).toBe(answer);
    expect(changes).toEqual([['open', 1_000], ['half-open', 0], ['closed', 0]]);
    expect(await guard.run(100, succeed)).toBe(answer);
    await failTimes(2);
    expect(changes).toHaveLength(3);
  });

  test('each trial that fails doubles the time, up to the longest; closing begins anew', async () => {
    const { guard, changes, failTimes } = watchedGuard();
    await failTimes(3);
    for (const openMs of [1_000, 2_000, 3_000, 3_000]) {
      vi.advanceTimersByTime(openMs - 1);
      await expect(guard.run(100, succeed)).rejects.toBeInstanceOf(CircuitOpen);
      vi.advanceTimersByTime(1);
      await failTimes(1);
    }
    expect(changes.filter(([state]) => state === 'open').map(([, openMs]) => openMs)).toEqual([1_000, 2_000, 3_000, 3_000, 3_000]);
    vi.advanceTimersByTime(3_000);
    await guard.run(100, succeed);
    await failTimes(3);
    expect(changes.at(-1)).toEqual(['open', 1_000]);
  });

  test('opens at once where the other side asks to wait, and for so long', async () => {
    const { guard, changes, failTimes } = watchedGuard();
    await failTimes(1, new CatalystError('RERANKER_RATE_LIMITED', 'slow down', { retryAfterMs: 30_000 }));
    expect(changes).toEqual([['open', 30_000]]);
    vi.advanceTimersByTime(29_999);
    await expect(guard.run(100, succeed)).rejects.toMatchObject({ code: 'RERANKER_RATE_LIMITED' });
    vi.advanceTimersByTime(1);
    expect(await guard.run(100, succeed)).toBe(answer);
  });

  test('a request that would not be taken says nothing about the service', async () => {
    const { guard, changes, failTimes } = watchedGuard();
    await failTimes(10, new CatalystError('RERANKER_REQUEST_REFUSED', 'too long'));
    expect(changes).toEqual([]);
    expect(guard.lastCall).toBeUndefined();
  });

  test('what began before it opened cannot close it', async () => {
    const { guard, changes, failTimes } = watchedGuard();
    const early = Promise.withResolvers<object>();
    const running = guard.run(10_000, () => early.promise);
    await failTimes(3);
    early.resolve(answer);
    await running;
    await expect(guard.run(100, succeed)).rejects.toBeInstanceOf(CircuitOpen);
    expect(changes).toEqual([['open', 1_000]]);
  });
});
