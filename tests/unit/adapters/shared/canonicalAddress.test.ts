import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalAddress } from '../../../../src/adapters/shared/canonicalAddress.ts';
import { canonicalUrl } from '../../../../src/api/ingest/urlRules.ts';

test.each([
  ['HTTP://Example.ORG:80', 'http://example.org/'],
  ['https://example.org:443/a/./b/../c#part', 'https://example.org/a/c'],
  ['https://example.org:8443/A', 'https://example.org:8443/A'],
  ['https://example.org./x', 'https://example.org/x'],
  ['https://b\u00fccher.example/\u00fc', 'https://xn--bcher-kva.example/%C3%BC'],
  ['https://example.org/%7euser/%c3%bc%2f', 'https://example.org/~user/%C3%BC%2F'],
  ['https://example.org/a?', 'https://example.org/a'],
  ['https://example.org/a?utm_source=x&id=7&UTM_Medium=y&fbclid=z', 'https://example.org/a?id=7'],
  ['https://example.org/a?utm_source=x', 'https://example.org/a'],
  ['https://example.org/a?b=2&a=1&b=3', 'https://example.org/a?b=2&a=1&b=3'],
  ['https://example.org/a;jsessionid=1A2B?x=1&PHPSESSID=abc', 'https://example.org/a?x=1'],
  ['https://example.org/a?q=a+b&r=%41%20', 'https://example.org/a?q=a+b&r=A%20'],
  ['https://example.org//a//b/', 'https://example.org//a//b/'],
  ['  https://example.org/a\n', 'https://example.org/a'],
  ['https://example.org\\a\\b', 'https://example.org/a/b'],
])('%j becomes %s', (address, canonical) => {
  expect(canonicalAddress(address)).toBe(canonical);
});

test.each([
  ['x', 'https://example.org/a/b', 'https://example.org/a/x'],
  ['/x', 'https://example.org/a/b', 'https://example.org/x'],
  ['?p=2', 'https://example.org/a/b?p=1', 'https://example.org/a/b?p=2'],
  ['', 'https://example.org/a/b?p=1#f', 'https://example.org/a/b?p=1'],
  ['//other.example/x', 'https://example.org/', 'https://other.example/x'],
])('%j on %s is %s', (text, base, expected) => {
  expect(canonicalAddress(text, base)).toBe(expected);
});

test.each(['javascript:alert(1)', 'mailto:a@b.c', 'data:text/html,x', 'ftp://example.org/', 'http://user:secret@example.org/', 'https://', 'nothing', 'http://[::1', ''])('%j names no page', (text) => {
  expect(canonicalAddress(text)).toBeUndefined();
});

test('queries may count for nothing', () => {
  expect(canonicalAddress('https://example.org/a?id=7&x', undefined, { ignoreQuery: true })).toBe('https://example.org/a');
});

const piece = fc.constantFrom('a', 'B', '/', '//', '.', '..', '%2e', '%2E%2e', '%41', '%7e', '%zz', '%', '%25', '%2541', ';jsessionid=1', '?', '&', '=', '#', 'utm_x=1', 'sid', '\u00fc', ' ', '+', '\\', ':', '@', '\t', "'", '"', '[', '|');
const address = fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.array(piece, { maxLength: 14 }).map((parts) => `http://Example.org.:80/${parts.join('')}`));

test('once canonical, always canonical; and the API calls it the same', () => {
  fc.assert(
    fc.property(address, (text) => {
      const once = canonicalAddress(text);
      if (once === undefined) return;
      expect(canonicalAddress(once)).toBe(once);
      expect(canonicalUrl(once)).toBe(once);
      const bare = canonicalAddress(text, undefined, { ignoreQuery: true })!;
      expect(canonicalAddress(bare)).toBe(bare);
    }),
    { numRuns: 5_000 },
  );
});
