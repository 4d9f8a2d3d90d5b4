import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../../src/contracts/principal.ts';
import { searchRequestSchema } from '../../../../src/contracts/search.ts';
import type { SearchRequest } from '../../../../src/contracts/search.ts';
import { resultKey } from '../../../../src/retrieval/cache/resultKey.ts';
import type { AnswerState } from '../../../../src/retrieval/cache/resultKey.ts';

interface Asked {
  readonly principal: Principal;
  readonly request: SearchRequest;
  readonly state: AnswerState;
}

/** Few values each, so that equal ones come together often; among them such as could run into each other where they are joined. */
const label = fc.constantFrom('a', 'b', 'c', 'a,b', 'a","b', '1', 'A', 'é', 'e\u0301');
const tenant = fc.constantFrom('acme', 'acme-2', 'acme_2', 'a', 'ac');
const policies = fc.array(label, { maxLength: 3 });
const request = fc
  .record({
    query: fc.constantFrom('refund', 'Refund', 'refund policy', 'refund  policy', 'acme:refund'),
    mode: fc.constantFrom('hybrid' as const, 'dense' as const, 'sparse' as const),
    limit: fc.integer({ min: 1, max: 3 }),
    explain: fc.boolean(),
    filters: fc.record({ tags: fc.array(label, { minLength: 1, maxLength: 2 }), metadata: fc.dictionary(fc.constantFrom('year', 'region', '2024', 'tenant'), fc.oneof(label, fc.integer({ min: 0, max: 2 })), { maxKeys: 3 }) }, { requiredKeys: [] }),
  })
  // Not through the schema, which allows fewer labels than these.
  .map((value): SearchRequest => ({ ...searchRequestSchema.parse({ query: 'replaced' }), ...value }));
const asked: fc.Arbitrary<Asked> = fc.record({
  principal: fc.record({ tenant, policies, limits: fc.constantFrom(undefined, { tiers: ['title' as const] }, { tiers: ['title' as const, 'code' as const] }, { rerankers: ['none' as const] }), subject: fc.constantFrom('ann', 'bob'), roles: fc.constant([]) }),
  request,
  state: fc.record({ epoch: fc.constantFrom('0', '1', '10'), version: fc.constantFrom('1', '10', 'x') }),
});

const keyOf = ({ principal, request: wanted, state }: Asked): string => resultKey(principal, wanted, state);

/** What two searches must have in common to have one answer, told without the key's own means. */
function sameAnswer(left: Asked, right: Asked): boolean {
  const held = ({ principal }: Asked) => new Set(principal.policies);
  return (
    left.principal.tenant === right.principal.tenant &&
    held(left).size === held(right).size &&
    [...held(left)].every((policy) => held(right).has(policy)) &&
    left.state.epoch === right.state.epoch &&
    left.state.version === right.state.version &&
    equal(left.request, right.request)
  );
}

function equal(left: unknown, right: unknown): boolean {
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return Object.is(left, right);
  const [ofLeft, ofRight] = [left as Record<string, unknown>, right as Record<string, unknown>];
  const keys = Object.keys(ofLeft);
  return Array.isArray(left) === Array.isArray(right) && keys.length === Object.keys(ofRight).length && keys.every((key) => Object.hasOwn(ofRight, key) && equal(ofLeft[key], ofRight[key]));
}

/** The same search, told in another order. */
function shuffled({ principal, request: wanted, state }: Asked): Asked {
  const turned = <Value extends object>(value: Value): Value => Object.fromEntries(Object.entries(value).reverse()) as Value;
  const filters = { ...wanted.filters, ...(wanted.filters.metadata === undefined ? {} : { metadata: turned(wanted.filters.metadata) }) };
  return { principal: { ...principal, subject: 'somebody else', policies: [...principal.policies, ...principal.policies].reverse() }, request: turned({ ...wanted, filters: turned(filters) }), state };
}

describe('the key of a search result', () => {
  test('is the same for two searches exactly where they have one answer', () => {
    fc.assert(fc.property(asked, asked, (left, right) => (keyOf(left) === keyOf(right)) === sameAnswer(left, right)), { numRuns: 3_000 });
  });

  test('differs with each part alone', () => {
    fc.assert(
      fc.property(asked, asked, (left, right) => {
        const mixed: Asked[] = [
          { ...left, principal: { ...left.principal, tenant: right.principal.tenant } },
          { ...left, principal: { ...left.principal, policies: right.principal.policies } },
          { ...left, request: right.request },
          { ...left, state: { ...left.state, epoch: right.state.epoch } },
          { ...left, state: { ...left.state, version: right.state.version } },
        ];
        for (const other of mixed) expect(keyOf(other) === keyOf(left)).toBe(sameAnswer(other, left));
      }),
      { numRuns: 1_000 },
    );
  });

  test('does not depend on who asks, nor on the order of labels and fields', () => {
    fc.assert(fc.property(asked, (search) => keyOf(shuffled(search)) === keyOf(search)));
  });
});
