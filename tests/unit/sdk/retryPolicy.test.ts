import { describe, expect, it } from 'vitest';
import { CatalystApiError } from '../../../src/sdk/apiError.ts';
import { retryDelay } from '../../../src/sdk/retryPolicy.ts';

function failure(fields: Partial<ConstructorParameters<typeof CatalystApiError>[0]>): CatalystApiError {
  return new CatalystApiError({ code: 'INTERNAL', status: 500, detail: 'detail', remedy: 'remedy', ...fields });
}
const outage = failure({ code: 'INDEX_UNAVAILABLE', status: 503 });
const broken = failure({ code: 'API_UNREACHABLE', status: null });
const refused = failure({ code: 'API_UNREACHABLE', status: null, neverArrived: true });

describe('retryDelay', () => {
  it('doubles from 250 ms up to 10 s, half of it spread at random', () => {
    expect([0, 1, 2, 10].map((attempt) => retryDelay(outage, attempt, 'always', 0))).toEqual([125, 250, 500, 5000]);
    expect(retryDelay(outage, 0, 'always', 0.999)).toBeCloseTo(250, 0);
  });

  it('waits at least as long as the server asks, but not for minutes', () => {
    expect(retryDelay(failure({ code: 'FETCH_RATE_LIMITED', status: 429, retryAfterMs: 3000 }), 0, 'always', 0)).toBeGreaterThanOrEqual(3000);
    expect(retryDelay(failure({ status: 503, retryAfterMs: 61_000 }), 0, 'always')).toBeUndefined();
  });

  it('never repeats what cannot become better', () => {
    expect(retryDelay(failure({ code: 'NOT_FOUND', status: 404 }), 0, 'always')).toBeUndefined();
    expect(retryDelay(failure({ code: 'INTERNAL', status: 500 }), 0, 'always')).toBeUndefined();
  });

  it('repeats a start of work only if it was surely not taken', () => {
    expect(retryDelay(refused, 0, 'unlessTaken')).toBeDefined();
    expect(retryDelay(failure({ code: 'SHUTTING_DOWN', status: 503 }), 0, 'unlessTaken')).toBeDefined();
    expect(retryDelay(broken, 0, 'unlessTaken')).toBeUndefined();
    expect(retryDelay(outage, 0, 'unlessTaken')).toBeUndefined();
    expect(retryDelay(refused, 0, 'never')).toBeUndefined();
  });

  it('repeats what carries a key as what does no harm, also while the first is in work', () => {
    const inWork = failure({ code: 'IDEMPOTENCY_IN_PROGRESS', status: 409, retryAfterMs: 1_000 });
    for (const error of [refused, broken, outage, inWork]) expect(retryDelay(error, 0, 'byKey')).toBeDefined();
    expect(retryDelay(failure({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 }), 0, 'byKey')).toBeUndefined();
    expect(retryDelay(failure({ code: 'CONFLICT', status: 409 }), 0, 'byKey')).toBeUndefined();
  });
});
