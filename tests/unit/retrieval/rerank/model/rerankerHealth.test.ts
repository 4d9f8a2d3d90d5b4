import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CatalystError } from '../../../../../src/contracts/errors.ts';
import type { Reranker } from '../../../../../src/ports/reranker.ts';
import { createReadinessMonitor } from '../../../../../src/observability/readinessMonitor.ts';
import { someCandidate } from '../../candidates/someCandidate.ts';
import { someReranker, watchedReranker } from './someReranker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const principal = { tenant: 'acme', subject: 'ann', roles: [], policies: [] };
const candidates = [someCandidate({ document: 'a', score: 1 }), someCandidate({ document: 'b', score: 0 })];
const down = new CatalystError('RERANKER_UNAVAILABLE', 'down');
const signal = new AbortController().signal;

function withCheck(check: () => Promise<string>, overrides: Partial<Reranker> = {}) {
  const probe = vi.fn(check);
  return { probe, ...watchedReranker(someReranker({ check: probe, ...overrides }), { guard: { failures: 2, openMs: 5_000, longestOpenMs: 60_000 } }) };
}

describe('health', () => {
  test('the first time it makes a call, then none for five minutes', async () => {
    const { model, probe } = withCheck(() => Promise.resolve('m at host'));
    expect(await model.health.check(signal)).toBe('m at host');
    vi.advanceTimersByTime(299_999);
    expect(await model.health.check(signal)).toBe('m at host');
    expect(probe).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    await model.health.check(signal);
    expect(probe).toHaveBeenCalledTimes(2);
  });

  test('searches show how it is, without a call of its own', async () => {
    const { model, probe } = withCheck(() => Promise.resolve('x'));
    await model.begin(principal, 'q')(candidates);
    expect(await model.health.check(signal)).toBe('endpoint: m');
    expect(probe).not.toHaveBeenCalled();
  });

  test('many who ask at once share one probe', async () => {
    const { model, probe } = withCheck(() => Promise.resolve('x'));
    await Promise.all([model.health.check(signal), model.health.check(signal), model.health.check(signal)]);
    expect(probe).toHaveBeenCalledTimes(1);
  });

  test('a search that failed shows; ten seconds later a probe is the trial that closes the circuit', async () => {
    const { model, probe, told } = withCheck(() => Promise.resolve('back'), { rerank: () => Promise.reject(down) });
    for (let search = 0; search < 2; search += 1) await model.begin(principal, 'q')(candidates);
    await expect(model.health.check(signal)).rejects.toBe(down);
    expect(probe).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(await model.health.check(signal)).toBe('back');
    expect(told('rerank.circuit').map((event) => 'state' in event && event.state)).toEqual(['closed', 'open', 'half-open', 'closed']);
  });

  test('a probe that hangs is given up after ten seconds', async () => {
    const { model } = withCheck(() => new Promise<string>(() => undefined));
    const given = expect(model.health.check(signal)).rejects.toMatchObject({ code: 'RERANKER_UNAVAILABLE' });
    await vi.advanceTimersByTimeAsync(10_000);
    await given;
  });

  test('readiness is degraded without it, not unavailable', async () => {
    const { model } = withCheck(() => Promise.reject(down));
    const readiness = createReadinessMonitor({ checks: [model.health, { name: 'qdrant', check: () => Promise.resolve('1.19') }] });
    expect(await readiness.report()).toMatchObject({ status: 'degraded', dependencies: [{ name: 'reranker', ok: false, optional: true, detail: 'down' }, { name: 'qdrant', ok: true }] });
  });
});

describe('the check at start', () => {
  test.each(['RERANKER_REJECTED', 'RERANKER_REQUEST_REFUSED'] as const)('%s ends the start', async (code) => {
    const refusal = new CatalystError(code, '401: bad key');
    const { model } = withCheck(() => Promise.reject(refusal));
    await expect(model.validate()).rejects.toBe(refusal);
  });

  test('a service that does not answer is told, and the process starts without it', async () => {
    const { model, told } = withCheck(() => Promise.reject(down));
    await model.validate();
    expect(told('dependency.failed')).toMatchObject([{ dependency: 'reranker', code: 'RERANKER_UNAVAILABLE', detail: expect.stringMatching(/^down Check CATALYST_RERANKER_URL/) as string }]);
  });

  test('one that answers is not told', async () => {
    const { model, events } = withCheck(() => Promise.resolve('x'));
    await model.validate();
    expect(events.map(({ type }) => type)).toEqual(['rerank.circuit']);
  });
});
