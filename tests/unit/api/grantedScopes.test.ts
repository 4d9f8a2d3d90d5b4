import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantedScopes } from '../../../src/api/authentication/grantedScopes.ts';
import { principalOf } from '../../../src/api/authentication/principalOf.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { roles, scopesOfRoles } from '../../../src/contracts/roles.ts';
import { scopes } from '../../../src/contracts/scopes.ts';

const who = { tenant: 'acme', sub: 'ada' };

describe('the scopes of a token', () => {
  it.each([
    ['roles', { roles: ['reader'] }, ['search:read', 'documents:read']],
    ['a text of scopes', { scope: 'documents:write search:read' }, ['search:read', 'documents:write']],
    ['a list of scopes', { scopes: ['jobs:read'] }, ['jobs:read']],
    ['scopes under the name that Entra gives them', { scp: 'jobs:read openid' }, ['jobs:read']],
    ['roles narrowed by scopes', { roles: ['curator'], scope: 'search:read keys:write' }, ['search:read']],
    ['roles beside scopes of something else', { roles: ['reader'], scope: 'openid profile https://graph.example/User.Read' }, ['search:read', 'documents:read']],
    ['roles narrowed by a misspelt scope', { roles: ['tenant-admin'], scope: 'search:reed' }, []],
    ['scopes that there are not', { scope: 'search:reed everything' }, []],
    ['roles that there are not', { roles: ['Reader', 'admin', 'toString'] }, []],
    ['an empty list of roles', { roles: [] }, []],
    ['nothing', {}, []],
  ])('follow from %s', (_what, claims, expected) => {
    expect(principalOf({ ...who, ...claims }, undefined)).toMatchObject({ tenant: 'acme', subject: 'ada', scopes: expected });
  });

  it('are those of the default role where the token says nothing, and only there', () => {
    expect(principalOf(who, 'reader').scopes).toEqual(scopesOfRoles(['reader']));
    expect(principalOf({ ...who, scope: 'openid' }, 'reader').scopes).toEqual(scopesOfRoles(['reader']));
    expect(principalOf({ ...who, scope: 'jobs:read' }, 'reader').scopes).toEqual(['jobs:read']);
    expect(principalOf({ ...who, roles: ['accountant'] }, 'tenant-admin').scopes).toEqual([]);
  });

  it.each([{ scope: 7 }, { scp: [1] }, { scopes: { a: 1 } }, { scope: 'x'.repeat(5_000) }])('are refused as %j', (claims) => {
    expect(() => principalOf({ ...who, ...claims }, 'reader')).toThrow(CatalystError);
  });

  it('never go beyond the roles, and each word more only narrows', () => {
    const words = fc.array(fc.oneof(fc.constantFrom(...scopes), fc.constantFrom('openid', 'a:b', '*', 'search:*'), fc.string()));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...roles, 'other'), { minLength: 1 }), words, (held, claimed) => {
        const granted = grantedScopes(held, claimed, 'tenant-admin');
        expect(granted.every((scope) => scopesOfRoles(held).includes(scope))).toBe(true);
        if (claimed.some((word) => scopes.includes(word as never))) expect(granted.every((scope) => claimed.includes(scope))).toBe(true);
      }),
    );
  });
});
