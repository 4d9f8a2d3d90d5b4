import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchSettings, StoredSearchSettings } from '../../../src/contracts/searchSettings.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';

let api: RegistryApi;
let call: Caller;
let stranger: Caller;

beforeAll(async () => {
  api = await startRegistryApi();
  call = await api.as('acme');
  stranger = await api.as('stranger');
}, 600_000);
afterAll(() => api.close());

const path = '/v1/search/settings';
const settings: SearchSettings = {
  boosts: { titleMatch: 0.3, tiers: { table: -0.1 }, recency: { weight: 0.2, halfLifeDays: 180, field: 'published' }, sources: [{ prefix: 'https://intranet.example.com/', weight: 0.2 }], documents: { '0198c0de-0000-7000-8000-000000000000': 0.1 } },
  termWeights: { NSAID: 2, 'E11.9': 4, 'Büro/Labor': 0 },
};

describe('search settings', () => {
  it('are none at first, replaced as a whole, and removed; each tenant has its own', async () => {
    expect((await call<StoredSearchSettings>('GET', path)).body).toEqual({ revision: 0 });
    expect(await call('PUT', path, settings)).toMatchObject({ status: 200, body: { ...settings, revision: 1 } });
    expect((await call<StoredSearchSettings>('GET', path)).body).toEqual({ ...settings, revision: 1 });
    expect((await stranger<StoredSearchSettings>('GET', path)).body).toEqual({ revision: 0 });
    expect((await call<StoredSearchSettings>('PUT', path, { termWeights: { NSAID: 1.5 } })).body).toEqual({ termWeights: { NSAID: 1.5 }, revision: 2 });
    expect((await stranger<StoredSearchSettings>('DELETE', path)).body).toEqual({ revision: 1 });
    expect((await call<StoredSearchSettings>('GET', path)).body).toEqual({ termWeights: { NSAID: 1.5 }, revision: 2 });
    expect(await call('DELETE', path)).toMatchObject({ status: 200, body: { revision: 3 } });
    expect((await call<StoredSearchSettings>('GET', path)).body).toEqual({ revision: 3 });
  });

  it('are sent back as they were read, unless somebody else was first', async () => {
    const { body: read } = await call<StoredSearchSettings>('PUT', path, settings);
    const { body: changed } = await call<StoredSearchSettings>('PUT', path, { ...read, termWeights: {} });
    expect(changed).toEqual({ boosts: settings.boosts, termWeights: {}, revision: read.revision + 1 });
    const { status, body } = await call('PUT', path, { ...read, termWeights: { late: 2 } });
    expect([status, body.code, body.detail]).toEqual([409, 'CONFLICT', `The search settings are of revision ${changed.revision} by now, not ${read.revision}.`]);
    expect((await call<StoredSearchSettings>('GET', path)).body).toEqual(changed);
  });

  it.each([
    [{ termWeights: { 'two words': 1 } }, '/termWeights/two words'],
    [{ termWeights: { '…': 1 } }, '/termWeights/…'],
    [{ termWeights: { NSAID: 4.5 } }, '/termWeights/NSAID'],
    [{ termWeights: { NSAID: -1 } }, '/termWeights/NSAID'],
    [{ termWeights: { ['x'.repeat(65)]: 1 } }, `/termWeights/${'x'.repeat(65)}`],
    [{ termWeights: Object.fromEntries(Array.from({ length: 501 }, (_, number) => [`t${number}`, 1])) }, '/termWeights'],
    [{ termWeights: { 'a/b,c': 1 } }, '/termWeights/a~1b,c'],
    [{ termWeights: { car: 1, Cars: 2 } }, '/termWeights/Cars'],
    [{ boosts: { titleMatch: 1.5 } }, '/boosts/titleMatch'],
    [{ boosts: { popularity: 1 } }, '/boosts/popularity'],
    [{ boosts: { documents: { x: 1 } } }, '/boosts/documents/x'],
    [{ revision: -1 }, '/revision'],
    [{ tokenVectors: 'some' }, '/tokenVectors'],
    [{ more: 1 }, '/more'],
  ])('%# is refused', async (body, pointer) => {
    const { body: before } = await call<StoredSearchSettings>('GET', path);
    const { status, body: problem } = await call('PUT', path, body);
    expect([status, problem.code]).toEqual([422, 'INVALID_REQUEST']);
    expect(problem.errors?.[0]?.pointer).toBe(pointer);
    expect((await call<StoredSearchSettings>('GET', path)).body).toEqual(before);
  });

  it('rows of others are not to be had, whatever is asked of the table', async () => {
    await call('PUT', path, settings);
    const seen = await api.database.withTenant('nobody', (transaction) => transaction.selectFrom('search_settings').selectAll().execute());
    expect(seen).toEqual([]);
    await expect(api.database.withTenant('nobody', (transaction) => sql`insert into search_settings (tenant, settings, revision) values ('acme', '{}', 1)`.execute(transaction))).rejects.toThrow();
  });

  it('say whether documents get token vectors, as far as the deployment keeps any', async () => {
    for (const tokenVectors of ['off', 'on']) expect(await call('PUT', path, { tokenVectors })).toMatchObject({ status: 200, body: { tokenVectors } });
    const frugal = await startRegistryApi(() => ({ keepsTokenVectors: false, reranksByModel: false }));
    try {
      const callFrugal = await frugal.as('acme');
      const { status, body } = await callFrugal('PUT', path, { tokenVectors: 'on' });
      expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'INVALID_REQUEST', '/tokenVectors']);
      expect(body.detail).toContain('have the operator set the embedded model (CATALYST_EMBEDDING_PROVIDER=onnx) and CATALYST_TOKEN_VECTORS=on');
      expect((await callFrugal('PUT', path, { rerank: 'model' })).body).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ pointer: '/rerank' }] });
      expect((await callFrugal('GET', path)).body).toEqual({ revision: 0 });
      expect(await callFrugal('PUT', path, { tokenVectors: 'off' })).toMatchObject({ status: 200, body: { tokenVectors: 'off', revision: 1 } });
    } finally {
      await frugal.close();
    }
  });

  it('hold no key that validators would pass over in silence', async () => {
    for (const body of ['{"termWeights":{"__proto__":2}}', '{"termWeights":{"\\u005f_proto__":2}}']) {
      const response = await fetch(`${api.url}${path}`, { method: 'PUT', headers: { authorization: `Bearer ${await signToken({ tenant: 'acme' })}`, 'content-type': 'application/json' }, body });
      expect([response.status, await response.json()]).toMatchObject([422, { code: 'INVALID_REQUEST', errors: [{ pointer: '/termWeights/__proto__' }] }]);
    }
  });

  it('need a token', async () => {
    expect((await fetch(`${api.url}${path}`)).status).toBe(401);
  });
});
