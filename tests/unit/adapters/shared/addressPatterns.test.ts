import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAddressFilter, createFilter, createMatcher } from '../../../../src/adapters/shared/addressPatterns.ts';

test.each([
  ['/docs/*', '/docs/a', true],
  ['/docs/*', '/docs/a/b', false],
  ['/docs/*', '/docs', false],
  ['docs/*', '/docs/a', true],
  ['/docs/**', '/docs/a/b/c.html', true],
  ['/docs/**', '/docs', true],
  ['/docs/**', '/docs/', true],
  ['/docs/**', '/docsearch', false],
  ['**/*.pdf', '/a.pdf', true],
  ['**/*.pdf', '/x/y/a.pdf', true],
  ['**/*.pdf', '/x/y/a.pdf.html', false],
  ['/a/**/b', '/a/b', true],
  ['/a/**/b', '/a/x/y/b', true],
  ['/a/**/b', '/a/xb', false],
  ['/a/**/**/b', '/a/b', true],
  ['/**', '/', true],
  ['**', '/any/thing?x=1', true],
  ['*', '/', true],
  ['/*', '/a', true],
  ['/*/edit', '/page/edit', true],
  ['/a**z', '/a/b/z', true],
  ['/a.c', '/abc', false],
  ['/a+(b)[c]{d}|^$', '/a+(b)[c]{d}|^$', true],
  ['/b\u00fccher/*', '/b%C3%BCcher/1', true],
  ['/b%C3%BCcher/*', '/b%C3%BCcher/1', true],
  ['/a/*', '/a/b%2Fc', true],
  ['/100%/*', '/100%/x', true],
  ['', '/', true],
])('%s on %s: %s', (pattern, subject, expected) => {
  expect(createMatcher(pattern)(subject)).toBe(expected);
});

test('addresses are filtered by path and query; a pattern without a query fits any query', () => {
  const wanted = createAddressFilter({ include: ['/docs/*.html', '/list?page=*'], exclude: ['/docs/secret*'] });
  const ask = (path: string): boolean => wanted(`https://example.org${path}`);
  expect(['/docs/a.html', '/docs/a.html?x=1', '/list?page=2'].map(ask)).toEqual([true, true, true]);
  expect(['/docs/secret.html?x=/y', '/list', '/list?sort=1', '/docs/a'].map(ask)).toEqual([false, false, false, false]);
});

test('without include patterns all is wanted but what is excluded', () => {
  const wanted = createFilter({ include: [], exclude: ['drafts/**'] });
  expect(['a.md', 'drafts/a.md', 'drafts'].map(wanted)).toEqual([true, false, false]);
});

/** The same rules, said as a regular expression. */
function expression(pattern: string): RegExp {
  const source = pattern
    .replace(/^\/+/, '')
    .replace(/(^|\/)((?:\*\*+\/)+)/g, '$1\u0001')
    .replace(/\/\*\*+$/, '\u0002')
    .replace(/\*\*+/g, '\u0003')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0001', '(?:.*/)?')
    .replaceAll('\u0002', '(?:/.*)?')
    .replaceAll('\u0003', '.*');
  return new RegExp(`^${source}$`, 's');
}

test('fits what the same pattern as a regular expression fits', () => {
  const text = (letters: string[]): fc.Arbitrary<string> => fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text(['a', 'b', '/', '*', '**', '**/', '/**']), text(['a', 'b', '/']), (pattern, subject) => {
      expect(createMatcher(pattern)(subject)).toBe(expression(pattern).test(subject.replace(/^\/+/, '')));
    }),
    { numRuns: 3_000 },
  );
});

test('a hostile pattern on a hostile address takes no time to speak of', () => {
  const started = performance.now();
  for (const pattern of ['*a'.repeat(250), '**a'.repeat(166), `${'*/'.repeat(249)}b`, '**/'.repeat(166), `${'**/a'.repeat(120)}b`]) createMatcher(pattern)('a'.repeat(2_047));
  createMatcher('**/'.repeat(166))('a/'.repeat(1_000));
  expect(performance.now() - started).toBeLessThan(10_000);
});
