import { afterEach, describe, expect, it } from 'vitest';
import { createTenantStandings } from '../../../../src/api/tenants/tenantStandings.ts';
import type { StandingsOptions, TenantStandings } from '../../../../src/api/tenants/tenantStandings.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { DomainEvent } from '../../../../src/contracts/events.ts';
import { openPolicy } from '../../../../src/contracts/tenants.ts';
import type { TenantState } from '../../../../src/contracts/tenants.ts';

let standings: TenantStandings | undefined;
afterEach(() => standings?.stop());

/** Standings over what `told` says at each reading. */
async function over(told: () => Readonly<Record<string, TenantState>>, options: Partial<StandingsOptions> = {}) {
  const events: DomainEvent[] = [];
  const asked: (string | undefined)[] = [];
  const registry = {
    standings: async (since: string | undefined) => {
      asked.push(since);
      return { standings: Object.entries(await Promise.resolve().then(told)).map(([tenant, state]) => ({ tenant, state, policy: { ...openPolicy, tiers: [] } })), asOf: `moment ${asked.length}` };
    },
  };
  standings = createTenantStandings({ registry, emit: (event) => events.push(event), served: 'auto', everyMs: 10, ...options });
  await standings.start();
  return { events, asked, codeOf: (tenant: string) => codeOf(standings, tenant) };
}

function codeOf(of: TenantStandings | undefined, tenant: string): string {
  try {
    of?.admit({ tenant, subject: 'somebody', roles: [], policies: [] });
    return 'served';
  } catch (error) {
    return (error as CatalystError).code;
  }
}

describe('how tenants stand', () => {
  it('is known from the start, and follows what changes', async () => {
    let state: TenantState = 'active';
    const { codeOf: code, asked } = await over(() => ({ acme: state, gone: 'deleted', going: 'deleting' }));
    expect(['acme', 'gone', 'going', 'anybody'].map(code)).toEqual(['served', 'TENANT_DELETED', 'TENANT_DELETED', 'served']);
    expect(standings?.policyOf('acme').tiers).toEqual([]);
    expect(standings?.policyOf('anybody')).toBe(openPolicy);
    state = 'suspended';
    await expect.poll(() => code('acme')).toBe('TENANT_SUSPENDED');
    expect(asked.slice(0, 2)).toEqual([undefined, 'moment 1']);
  });

  it('tells once of each tenant that is deleted meanwhile', async () => {
    let state: TenantState = 'deleting';
    const deleted: string[] = [];
    const { asked } = await over(() => ({ before: 'deleted', acme: state }), { onDeleted: (tenant) => deleted.push(tenant) });
    state = 'deleted';
    await expect.poll(() => deleted).toEqual(['acme']);
    const before = asked.length;
    await expect.poll(() => asked.length).toBeGreaterThan(before + 3);
    expect(deleted).toEqual(['acme']);
  });

  it('lets callers of the platform’s tenant alone use scopes over tenants', async () => {
    await over(() => ({}), { platform: 'platform' });
    const scopes = ['search:read', 'tenants:read', 'tenants:write', 'tenants:export'] as const;
    const admitted = (tenant: string) => standings?.admit({ tenant, subject: 'somebody', roles: ['platform-admin'], scopes: [...scopes], policies: [] }).scopes;
    expect(admitted('platform')).toEqual(scopes);
    expect(admitted('acme')).toEqual(['search:read']);
  });

  it('refuses tenants that nobody created, where it is to; the platform’s own is served', async () => {
    const { codeOf: code } = await over(() => ({ acme: 'active' }), { served: 'created', platform: 'platform' });
    expect(['acme', 'platform', 'anybody'].map(code)).toEqual(['served', 'served', 'TENANT_UNKNOWN']);
  });

  it('counts as it was known last while the database is away, tells it once, and goes on', async () => {
    let away = false;
    let state: TenantState = 'suspended';
    const { codeOf: code, events, asked } = await over(() => {
      if (away) throw new CatalystError('REGISTRY_UNAVAILABLE', 'away');
      return { acme: state };
    });
    away = true;
    const before = asked.length;
    await expect.poll(() => asked.length).toBeGreaterThan(before + 3);
    expect(code('acme')).toBe('TENANT_SUSPENDED');
    expect(events.map(({ type }) => type)).toEqual(['dependency.failed']);
    away = false;
    state = 'active';
    await expect.poll(() => code('acme')).toBe('served');
  });

  it('keeps the process from starting where it cannot be read at all', async () => {
    await expect(over(() => { throw new CatalystError('REGISTRY_UNAVAILABLE', 'away'); })).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });
});
