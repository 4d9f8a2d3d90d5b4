import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultRetryPolicy, nextRetry } from '../../../../src/adapters/discovery/retries.ts';
import { mayBeDocument } from '../../../../src/adapters/discovery/documentTypes.ts';
import { readDirectives } from '../../../../src/adapters/discovery/website/robotsDirectives.ts';
import { countVariation, looksEndless } from '../../../../src/adapters/discovery/website/traps.ts';
import { extendChain, packDigests, shortDigest, unpackDigests } from '../../../../src/adapters/discovery/website/websiteCursor.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import { digestOf } from '../../../../src/contracts/identifiers.ts';

describe('what pages say to robots', () => {
  test.each<[string, boolean, boolean]>([
    ['noindex', true, false],
    ['NoIndex, NOFOLLOW', true, true],
    ['none', true, true],
    ['all', false, false],
    ['', false, false],
    ['googlebot: noindex', false, false],
    ['googlebot: noindex, nofollow', false, false],
    ['googlebot: noindex, catalyst: nofollow', false, true],
    ['catalyst: noindex, nofollow', true, true],
    ['noindex, otherbot: nofollow', true, false],
    ['unavailable_after: 25 Jun 2030 15:00:00 PST, nofollow', false, true],
    ['max-snippet: 20, noindex', true, false],
  ])('%j', (text, noIndex, noFollow) => {
    expect(readDirectives([text], 'Catalyst')).toEqual({ noIndex, noFollow });
  });
});

describe('endless addresses', () => {
  test.each([
    ['https://a.example/2026/01/01/01/title', false],
    ['https://a.example/a/b/a/b/a/b/a/b', true],
    [`https://a.example/${'x'.repeat(2_000)}`, true],
    [`https://a.example/${Array.from({ length: 31 }, (_unused, index) => index).join('/')}`, true],
    [`https://a.example/?${Array.from({ length: 17 }, (_unused, index) => `p${index}=1`).join('&')}`, true],
    ['https://a.example/docs/v1/guide/install?lang=de&page=2', false],
  ])('%#', (address, expected) => {
    expect(looksEndless(address)).toBe(expected);
  });

  test('queries are counted by path, for those that have most of them', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 1_500; index += 1) {
      countVariation(counts, 'site/list');
      if (index % 2 === 0) countVariation(counts, `site/${index}`);
    }
    for (let index = 0; index < 500; index += 1) countVariation(counts, `other/${index}`);
    expect([counts.get('site/list'), counts.get('other/499'), counts.size]).toEqual([1_500, 1, 1_000]);
  });
});

describe('the cursor', () => {
  test('digests come back as they went in; of very many the newest', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), (texts) => {
        const digests = new Set(texts.map((text) => shortDigest(digestOf(text))));
        expect([...unpackDigests(packDigests(digests))]).toEqual([...digests]);
      }),
    );
    const many = Array.from({ length: 20_005 }, (_unused, index) => shortDigest(digestOf(String(index))));
    const kept = unpackDigests(packDigests(new Set(many)));
    expect([kept.size, kept.has(many[4]!), kept.has(many[5]!), packDigests(kept).length < 220_000]).toEqual([20_000, false, true, true]);
  });

  test('a way that leads back, or on and on, is no way', () => {
    const chains = new Map<string, string[]>();
    expect([extendChain(chains, 'a', 'b'), extendChain(chains, 'b', 'c')]).toEqual([true, true]);
    expect([...chains]).toEqual([['c', ['a', 'b']]]);
    expect([extendChain(chains, 'c', 'a'), extendChain(chains, 'c', 'c')]).toEqual([false, false]);
    let steps = 0;
    while (extendChain(chains, `p${steps}`, `p${steps + 1}`)) steps += 1;
    expect(steps).toBe(10);
    for (let index = 0; index < 2_100; index += 1) extendChain(chains, `f${index}`, `t${index}`);
    expect([chains.size, chains.get('t2099'), chains.get('t0')]).toEqual([2_000, ['f2099'], undefined]);
  });
});

describe('tries', () => {
  const failed = new CatalystError('FETCH_FAILED', 'x');
  const inMs = (retry: { readonly notBefore: number } | undefined): number => Math.round(((retry?.notBefore ?? Number.NaN) - Date.now()) / 1_000);

  test('are bounded, wait longer each time, and take the time that a site names', () => {
    const first = nextRetry(defaultRetryPolicy, failed, undefined);
    const second = nextRetry(defaultRetryPolicy, failed, first);
    const third = nextRetry(defaultRetryPolicy, failed, second);
    expect([first, second, third].map((retry) => [retry?.tries, inMs(retry)])).toEqual([[1, 2], [2, 10], [3, 60]]);
    expect(nextRetry(defaultRetryPolicy, failed, third)).toBeUndefined();
    expect(inMs(nextRetry(defaultRetryPolicy, new CatalystError('FETCH_RATE_LIMITED', 'x', { retryAfterMs: 120_000 }), undefined))).toBe(120);
    expect(nextRetry(defaultRetryPolicy, new CatalystError('FETCH_RATE_LIMITED', 'x', { retryAfterMs: 86_400_000 }), undefined)).toBeUndefined();
  });

  test('are not spent on what no try mends, nor on waiting for a turn', () => {
    expect(nextRetry(defaultRetryPolicy, new CatalystError('FETCH_NOT_FOUND', 'x'), undefined)).toBeUndefined();
    expect(nextRetry(defaultRetryPolicy, new CatalystError('THROTTLED', 'x', { retryAfterMs: 3_000 }), { tries: 3, notBefore: 0 })).toMatchObject({ tries: 3 });
  });
});

test.each<[string, string, boolean]>([
  ['text/html; charset=utf-8', '', true],
  ['application/pdf', 'pdf', true],
  ['application/octet-stream', 'pdf', true],
  ['application/octet-stream', '', true],
  ['application/octet-stream', 'dat', false],
  ['application/msword', 'doc', true],
  ['application/vnd.oasis.opendocument.text', 'odt', true],
  ['image/png', 'html', false],
  ['text/css', '', false],
  ['application/javascript', '', false],
  ['application/zip', '', false],
  ['application/rss+xml', '', false],
  ['video/mp4', '', false],
])('%s with extension "%s" may be a document: %s', (mediaType, extension, expected) => {
  expect(mayBeDocument(mediaType, extension)).toBe(expected);
});
