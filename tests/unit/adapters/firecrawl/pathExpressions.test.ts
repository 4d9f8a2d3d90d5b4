import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathExpression } from '../../../../src/adapters/firecrawl/pathExpressions.ts';
import { createAddressFilter } from '../../../../src/adapters/shared/addressPatterns.ts';
import { canonicalAddress } from '../../../../src/adapters/shared/canonicalAddress.ts';

const asSent = (pattern: string, address: string): boolean => new RegExp(pathExpression(pattern)).test(address);
const asFiltered = (pattern: string, address: string): boolean => createAddressFilter({ include: [pattern], exclude: [] })(address);

test.each([
  ['/docs/**', 'https://example.org/docs/a/b', true],
  ['/docs/**', 'https://example.org/docs', true],
  ['/docs/**', 'https://example.org/docsy', false],
  ['/docs/*', 'https://example.org/docs/a/b', false],
  ['/docs/*.html', 'https://example.org/docs/a.html?x=1', true],
  ['/docs/*.html', 'https://example.org/docs/aXhtml', false],
  ['/search?q=*', 'https://example.org/search?q=cats', true],
  ['/search?q=*', 'https://example.org/search', false],
  ['**/print', 'https://example.org/print', true],
  ['**/print', 'https://example.org/a/b/print', true],
  ['/über/**', 'https://example.org/%C3%BCber/uns', true],
  ['/%C3%BCber/*', 'https://example.org/%c3%bcber/uns', true],
  ['/org', 'https://example.org/', false],
])('%s on %s: %j, at Firecrawl as here', (pattern, address, expected) => {
  expect(asFiltered(pattern, address)).toBe(expected);
  expect(asSent(pattern, address)).toBe(expected);
});

test('Firecrawl is told what is filtered here, for any pattern and address', () => {
  const piece = fc.constantFrom('a', 'b', '/', '*', '**', '.', '?', '=', '+', '(', 'ü', '%20', '[');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
  const address = fc.array(fc.constantFrom('a', 'b', '/', '.', '?', '=', '+', '(', 'ü', ' ', '['), { maxLength: 10 }).map((pieces) => canonicalAddress(`https://example.org/${pieces.join('')}`));
  fc.assert(
    fc.property(pattern, address, (text, known) => {
      // Several slashes at the beginning count for nothing here; an expression without lookahead cannot say so.
      fc.pre(known !== undefined && !known.startsWith('https://example.org//'));
      expect(asSent(text, known ?? '')).toBe(asFiltered(text, known ?? ''));
    }),
    { numRuns: 5_000 },
  );
});
