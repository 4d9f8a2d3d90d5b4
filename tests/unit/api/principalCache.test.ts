import { describe, expect, it } from 'vitest';
import { createPrincipalCache } from '../../../src/api/authentication/principalCache.ts';

const principal = { tenant: 'acme', subject: 'someone', roles: [], policies: [] };

describe('principal cache', () => {
  it('forgets a token after half a minute, or as soon as it expires', () => {
    let now = 1_000_000;
    const cache = createPrincipalCache(() => now);
    cache.set('long', principal, 5_000);
    cache.set('short', principal, 1_010);
    expect([cache.get('long'), cache.get('short'), cache.get('unknown')]).toEqual([principal, principal, undefined]);
    now += 10_000;
    expect([cache.get('long'), cache.get('short')]).toEqual([principal, undefined]);
    now += 20_000;
    expect(cache.get('long')).toBeUndefined();
  });
});
