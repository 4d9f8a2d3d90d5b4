import { describe, expect, it } from 'vitest';
import { createDepartures } from '../../../../src/api/tenants/departures.ts';
import type { ChunkPayload } from '../../../../src/ports/vectorIndex.ts';
import { createPayloadCache } from '../../../../src/retrieval/candidates/payloadCache.ts';

const payload = (text: string): ChunkPayload => ({
  tenant: 'acme', document: 'd', version: 'v', sequence: 1, visible: true, title: '', source: { type: 'text', location: 'x' }, tags: [], policies: [], metadata: {},
  ingestedAt: '2026-01-01T00:00:00Z', chunk: { ordinal: 0, tier: 'passage', text, start: 0, end: text.length, headings: [], tokens: 1 },
});

describe('payload cache', () => {
  it('gives a payload to its tenant only', () => {
    const cache = createPayloadCache(10_000);
    cache.set('acme', 'p', payload('text'));
    expect(cache.get('acme', 'p')?.chunk.text).toBe('text');
    expect(cache.get('other', 'p')).toBeUndefined();
  });

  it('forgets what is of a tenant that is deleted, and makes room by that', () => {
    const departures = createDepartures();
    const cache = createPayloadCache(5_000, departures);
    for (const id of ['a', 'b']) cache.set('acme', id, payload('x'.repeat(900)));
    cache.set('beta', 'a', payload('text'));
    departures.tell('acme');
    expect(['a', 'b'].map((id) => cache.get('acme', id))).toEqual([undefined, undefined]);
    for (const id of ['b', 'c']) cache.set('beta', id, payload('x'.repeat(900)));
    expect(cache.get('beta', 'a')?.chunk.text).toBe('text');
  });

  it('takes codes of tokens to what it has, and does not lose them again', () => {
    const cache = createPayloadCache(10_000);
    const tokenCodes = { version: '1', codes: Uint8Array.of(1) };
    cache.set('acme', 'p', payload('text'));
    cache.set('acme', 'p', { ...payload('text'), tokenCodes });
    cache.set('acme', 'p', payload('text'));
    expect(cache.get('acme', 'p')?.tokenCodes).toEqual(tokenCodes);
  });

  it('stays within its bound and drops what was used longest ago', () => {
    const cache = createPayloadCache(5_000);
    for (const id of ['a', 'b', 'c']) cache.set('acme', id, payload('x'.repeat(900)));
    expect(cache.get('acme', 'a')).toBeDefined();
    cache.set('acme', 'd', payload('x'.repeat(900)));
    expect(['a', 'b', 'c', 'd'].filter((id) => cache.get('acme', id) !== undefined)).toEqual(['a', 'c', 'd']);
  });

  it('does not grow without end', () => {
    const cache = createPayloadCache(100_000);
    for (let number = 0; number < 5_000; number += 1) cache.set('acme', String(number), payload('x'.repeat(1_000)));
    const kept = Array.from({ length: 5_000 }, (_, number) => cache.get('acme', String(number))).filter((entry) => entry !== undefined);
    expect(kept.length).toBeLessThanOrEqual(100_000 / 1_600);
  });
});
